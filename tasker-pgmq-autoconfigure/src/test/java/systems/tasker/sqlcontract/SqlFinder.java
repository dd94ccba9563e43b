/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.sqlcontract;

import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import javax.lang.model.element.Element;
import javax.lang.model.element.ExecutableElement;
import javax.tools.JavaFileObject;

import com.sun.source.util.TreePath;

/**
 * Finds all SQL that Java sources run.
 */
final class SqlFinder {

	private final JavaSources sources;

	private final SqlSinks sinks;

	private final SqlText text;

	private final Map<String, Set<TreePath>> exceptions = new TreeMap<>();

	private final Set<String> problems = new LinkedHashSet<>();

	private final Set<SqlStatement> statements = new LinkedHashSet<>();

	private SqlFinder(JavaSources sources, Set<String> exceptions) {
		this.sources = sources;
		this.sinks = new SqlSinks(sources.elements(), sources.types());
		this.text = new SqlText(sources, this::isException);
		exceptions.forEach((owner) -> this.exceptions.put(owner, new LinkedHashSet<>()));
	}

	/**
	 * Find all SQL.
	 * @param files the sources
	 * @param exceptions classes and methods with one call each that is not looked at
	 */
	static Findings find(Iterable<? extends JavaFileObject> files, Set<String> exceptions) {
		SqlFinder finder = new SqlFinder(JavaSources.of(files), exceptions);
		finder.sources.calls().forEach(finder::lookAtCalls);
		finder.sources.references().forEach(finder::lookAtReferences);
		finder.exceptions.forEach(finder::lookAtException);
		finder.problems.addAll(finder.text.problems());
		return new Findings(finder.statements.stream()
			.sorted(Comparator.comparing(SqlStatement::owner)
				.thenComparing(SqlStatement::line)
				.thenComparing(SqlStatement::sql))
			.toList(), finder.problems.stream().sorted().toList());
	}

	private void lookAtCalls(Element element, List<TreePath> calls) {
		ExecutableElement method = (ExecutableElement) element;
		if (this.sinks.isUnknown(method)) {
			calls.forEach((call) -> report(call,
					"SQL that cannot be checked: %s.%s may run some".formatted(method.getEnclosingElement(), method)));
		}
		this.sinks.sql(method)
			.ifPresent((index) -> calls.stream()
				.filter((call) -> !isException(call))
				.forEach((call) -> addStatements(method, call, index)));
	}

	private void addStatements(ExecutableElement method, TreePath call, int index) {
		List<TreePath> arguments = JavaSources.arguments(call);
		boolean isLast = index == method.getParameters().size() - 1;
		for (TreePath argument : arguments.subList(index, isLast ? arguments.size() : index + 1)) {
			this.text.resolve(argument).forEach((found) -> addStatement(method, call, found));
		}
	}

	// It belongs to the call at the far end, where the text is.
	private void addStatement(ExecutableElement method, TreePath call, SqlText.Text found) {
		TreePath place = call;
		while (found.choices().containsKey(this.sources.enclosing(place))) {
			place = found.choices().get(this.sources.enclosing(place));
		}
		this.statements.add(new SqlStatement(this.sources.owner(place), this.sources.place(place),
				this.sources.line(place), found.value(), this.sinks.takesNamedParameters(method)));
	}

	private void lookAtReferences(Element element, List<TreePath> references) {
		if (element instanceof ExecutableElement method
				&& (this.sinks.sql(method).isPresent() || this.sinks.isUnknown(method))) {
			references
				.forEach((reference) -> report(reference, "SQL that cannot be checked: a method reference hides it"));
		}
	}

	private boolean isException(TreePath call) {
		Set<TreePath> calls = this.exceptions.get(this.sources.owner(call));
		if (calls != null) {
			calls.add(call);
		}
		return calls != null;
	}

	private void lookAtException(String owner, Set<TreePath> calls) {
		if (calls.size() != 1) {
			this.problems.add("The exception %s is for one call, and there are %d".formatted(owner, calls.size()));
		}
	}

	private void report(TreePath path, String problem) {
		this.problems.add(this.sources.place(path) + ": " + problem);
	}

	/**
	 * What was found.
	 *
	 * @param statements the SQL, in the order of classes and lines
	 * @param problems what cannot be checked, with file and line
	 */
	record Findings(List<SqlStatement> statements, List<String> problems) {

	}

}
