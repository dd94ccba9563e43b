/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.sqlcontract;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import javax.lang.model.element.Element;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.util.Elements;
import javax.lang.model.util.Types;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.ToolProvider;

import com.sun.source.tree.AssignmentTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.CompoundAssignmentTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.MemberReferenceTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.NewClassTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import com.sun.source.util.Trees;

/**
 * Java sources as the compiler understands them: who calls what, and what is assigned to
 * what.
 */
final class JavaSources {

	private final Trees trees;

	private final Elements elements;

	private final Types types;

	private final Map<Element, List<TreePath>> calls = new HashMap<>();

	private final Map<Element, List<TreePath>> references = new HashMap<>();

	private final Map<Element, List<TreePath>> assignments = new HashMap<>();

	private final Map<Element, TreePath> declarations = new HashMap<>();

	private JavaSources(JavacTask task) {
		this.trees = Trees.instance(task);
		this.elements = task.getElements();
		this.types = task.getTypes();
	}

	/**
	 * Read sources that compile against the class path of the tests.
	 */
	static JavaSources of(Iterable<? extends JavaFileObject> files) {
		DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
		List<String> options = List.of("--release", "17", "-proc:none", "-parameters", "-classpath",
				System.getProperty("java.class.path"));
		JavacTask task = (JavacTask) ToolProvider.getSystemJavaCompiler()
			.getTask(null, null, diagnostics, options, null, files);
		JavaSources sources = new JavaSources(task);
		try {
			Iterable<? extends CompilationUnitTree> units = task.parse();
			task.analyze();
			sources.requireNoErrors(diagnostics);
			units.forEach((unit) -> sources.new Index().scan(unit, null));
			return sources;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	// What does not compile has calls that lead nowhere.
	private void requireNoErrors(DiagnosticCollector<JavaFileObject> diagnostics) {
		String errors = diagnostics.getDiagnostics()
			.stream()
			.filter((diagnostic) -> diagnostic.getKind() == Diagnostic.Kind.ERROR)
			.map((diagnostic) -> diagnostic.toString().lines().collect(Collectors.joining(" ")))
			.collect(Collectors.joining("\n"));
		if (!errors.isEmpty()) {
			throw new IllegalStateException(
					"The sources do not compile with the test class path of this module:\n" + errors);
		}
	}

	Elements elements() {
		return this.elements;
	}

	Types types() {
		return this.types;
	}

	/**
	 * Return all calls, by the method or constructor that is called.
	 */
	Map<Element, List<TreePath>> calls() {
		return this.calls;
	}

	List<TreePath> calls(Element method) {
		return this.calls.getOrDefault(method, List.of());
	}

	/**
	 * Return all method references, by the method or constructor they refer to.
	 */
	Map<Element, List<TreePath>> references() {
		return this.references;
	}

	List<TreePath> references(Element method) {
		return this.references.getOrDefault(method, List.of());
	}

	/**
	 * Return what is assigned to a variable after its declaration.
	 */
	List<TreePath> assignments(Element variable) {
		return this.assignments.getOrDefault(variable, List.of());
	}

	TreePath declaration(Element variable) {
		return this.declarations.get(variable);
	}

	Element element(TreePath path) {
		return this.trees.getElement(path);
	}

	boolean isText(TreePath path) {
		return String.valueOf(this.types.asElement(this.trees.getTypeMirror(path))).equals("java.lang.String");
	}

	static List<TreePath> arguments(TreePath call) {
		List<? extends ExpressionTree> arguments = (call.getLeaf() instanceof MethodInvocationTree invocation)
				? invocation.getArguments() : ((NewClassTree) call.getLeaf()).getArguments();
		return arguments.stream().map((argument) -> new TreePath(call, argument)).toList();
	}

	/**
	 * Return the method around something.
	 * @return the method or constructor, or the type when there is none
	 */
	Element enclosing(TreePath path) {
		TreePath current = path;
		while (!(current.getLeaf() instanceof MethodTree) && !(current.getLeaf() instanceof ClassTree)) {
			current = current.getParentPath();
		}
		return element(current);
	}

	/**
	 * Return the class and method around something, for people.
	 */
	String owner(TreePath path) {
		Element enclosing = enclosing(path);
		String method = (enclosing instanceof ExecutableElement) ? "." + enclosing.getSimpleName() : "";
		Element type = (enclosing instanceof ExecutableElement) ? enclosing.getEnclosingElement() : enclosing;
		// An anonymous class is part of what it is in.
		while (!(type instanceof TypeElement named) || named.getQualifiedName().isEmpty()) {
			type = type.getEnclosingElement();
		}
		return type + method;
	}

	/**
	 * Return file and line of something, for people.
	 */
	String place(TreePath path) {
		return path.getCompilationUnit().getSourceFile().getName() + ":" + line(path);
	}

	long line(TreePath path) {
		CompilationUnitTree unit = path.getCompilationUnit();
		return unit.getLineMap().getLineNumber(this.trees.getSourcePositions().getStartPosition(unit, path.getLeaf()));
	}

	private final class Index extends TreePathScanner<Void, Void> {

		@Override
		public Void visitMethodInvocation(MethodInvocationTree tree, Void unused) {
			add(JavaSources.this.calls, getCurrentPath(), getCurrentPath());
			return super.visitMethodInvocation(tree, unused);
		}

		@Override
		public Void visitNewClass(NewClassTree tree, Void unused) {
			add(JavaSources.this.calls, getCurrentPath(), getCurrentPath());
			return super.visitNewClass(tree, unused);
		}

		@Override
		public Void visitMemberReference(MemberReferenceTree tree, Void unused) {
			add(JavaSources.this.references, getCurrentPath(), getCurrentPath());
			return super.visitMemberReference(tree, unused);
		}

		@Override
		public Void visitAssignment(AssignmentTree tree, Void unused) {
			addAssignment(tree.getVariable(), tree.getExpression());
			return super.visitAssignment(tree, unused);
		}

		@Override
		public Void visitCompoundAssignment(CompoundAssignmentTree tree, Void unused) {
			addAssignment(tree.getVariable(), tree.getExpression());
			return super.visitCompoundAssignment(tree, unused);
		}

		@Override
		public Void visitVariable(VariableTree tree, Void unused) {
			JavaSources.this.declarations.put(element(getCurrentPath()), getCurrentPath());
			return super.visitVariable(tree, unused);
		}

		private void addAssignment(Tree variable, Tree value) {
			add(JavaSources.this.assignments, new TreePath(getCurrentPath(), variable),
					new TreePath(getCurrentPath(), value));
		}

		private void add(Map<Element, List<TreePath>> index, TreePath of, TreePath path) {
			Element element = element(of);
			if (element != null) {
				index.computeIfAbsent(element, (key) -> new ArrayList<>()).add(path);
			}
		}

	}

}
