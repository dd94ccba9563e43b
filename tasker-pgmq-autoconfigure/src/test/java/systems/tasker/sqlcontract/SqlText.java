/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.sqlcontract;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IllegalFormatException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.TypeElement;
import javax.lang.model.element.VariableElement;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.util.ElementFilter;

import com.sun.source.tree.BinaryTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.ParenthesizedTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.TreePath;

/**
 * Works out every text an expression can be. It knows constants, variables with one
 * value, concatenation and {@link String#formatted}. A parameter is what its callers
 * pass, and a field set by a constructor is what they pass to that. All else is a
 * problem, never a guess.
 */
final class SqlText {

	private final JavaSources sources;

	private final Predicate<TreePath> isException;

	private final Set<Element> active = new HashSet<>();

	private final Set<String> problems = new LinkedHashSet<>();

	SqlText(JavaSources sources, Predicate<TreePath> isException) {
		this.sources = sources;
		this.isException = isException;
	}

	Set<String> problems() {
		return this.problems;
	}

	List<Text> resolve(TreePath path) {
		Tree tree = path.getLeaf();
		if (tree instanceof LiteralTree literal && literal.getValue() != null) {
			return Text.constant(literal.getValue());
		}
		if (tree instanceof ParenthesizedTree parenthesized) {
			return resolve(new TreePath(path, parenthesized.getExpression()));
		}
		if (tree instanceof BinaryTree sum && tree.getKind() == Tree.Kind.PLUS && this.sources.isText(path)) {
			return combine(path, List.of(sum.getLeftOperand(), sum.getRightOperand()),
					(parts) -> String.join("", parts));
		}
		if (tree instanceof MethodInvocationTree call && call.getMethodSelect() instanceof MemberSelectTree select
				&& select.getIdentifier().contentEquals("formatted")
				&& this.sources.isText(new TreePath(path, select.getExpression()))) {
			return format(path, select.getExpression(), call.getArguments());
		}
		if (tree instanceof IdentifierTree || tree instanceof MemberSelectTree) {
			return resolveVariable(path);
		}
		return unresolved(path, "is not a constant");
	}

	private List<Text> format(TreePath path, ExpressionTree pattern, List<? extends ExpressionTree> arguments) {
		List<ExpressionTree> parts = new ArrayList<>(List.of(pattern));
		parts.addAll(arguments);
		try {
			return combine(path, parts, (texts) -> texts.get(0).formatted(texts.subList(1, texts.size()).toArray()));
		}
		catch (IllegalFormatException ex) {
			return unresolved(path, "is formatted with other than texts");
		}
	}

	private List<Text> combine(TreePath path, List<ExpressionTree> parts, Function<List<String>, String> combination) {
		List<Text> combined = List.of(new Text(List.of(), Map.of()));
		for (ExpressionTree part : parts) {
			List<Text> next = resolve(new TreePath(path, part));
			combined = combined.stream()
				.flatMap((text) -> next.stream().map(text::append).flatMap(Optional::stream))
				.toList();
		}
		return combined.stream()
			.map((text) -> new Text(List.of(combination.apply(text.parts())), text.choices()))
			.toList();
	}

	private List<Text> resolveVariable(TreePath path) {
		if (!(this.sources.element(path) instanceof VariableElement variable)) {
			return unresolved(path, "is not a constant");
		}
		if (variable.getConstantValue() != null) {
			return Text.constant(variable.getConstantValue());
		}
		TreePath declaration = this.sources.declaration(variable);
		if (declaration == null) {
			return unresolved(path, "is a variable of another library");
		}
		boolean isField = variable.getKind() == ElementKind.FIELD;
		if (isField ? !variable.getModifiers().contains(Modifier.FINAL)
				: !this.sources.assignments(variable).isEmpty()) {
			return unresolved(path, "is a variable that changes");
		}
		ExpressionTree initializer = ((VariableTree) declaration.getLeaf()).getInitializer();
		if (initializer != null) {
			return resolve(new TreePath(declaration, initializer));
		}
		return switch (variable.getKind()) {
			case PARAMETER -> resolveParameter(path, variable);
			case FIELD -> resolveField(path, variable);
			default -> unresolved(path, "is a variable without one value");
		};
	}

	private List<Text> resolveField(TreePath path, VariableElement field) {
		List<TreePath> values = this.sources.assignments(field);
		if (values.isEmpty()) {
			return unresolved(path, "is a field without a value to see");
		}
		Element object = receiver(path.getLeaf(), path);
		return values.stream().flatMap((value) -> resolve(value).stream()).map((text) -> text.of(object)).toList();
	}

	// Two fields of the same object come from the same call of its constructor.
	private Element receiver(Tree tree, TreePath path) {
		if (!(tree instanceof MemberSelectTree select)) {
			return this.sources.element(path).getEnclosingElement();
		}
		return (select.getExpression() instanceof IdentifierTree identifier)
				? this.sources.element(new TreePath(path, identifier)) : null;
	}

	private List<Text> resolveParameter(TreePath path, VariableElement parameter) {
		Element method = parameter.getEnclosingElement();
		int index = (method instanceof ExecutableElement executable) ? executable.getParameters().indexOf(parameter)
				: -1;
		if (index < 0) {
			return unresolved(path, "is a parameter of a lambda");
		}
		if (!this.sources.isText(path)) {
			return unresolved(path, "is not a text");
		}
		Optional<String> obstacle = obstacle((ExecutableElement) method);
		if (obstacle.isPresent()) {
			return unresolved(path, "is a parameter of %s, %s".formatted(method, obstacle.get()));
		}
		List<Text> texts = new ArrayList<>();
		this.active.add(method);
		for (TreePath call : this.sources.calls(method)) {
			if (!this.isException.test(call)) {
				resolve(JavaSources.arguments(call).get(index)).forEach((text) -> texts.add(text.choose(method, call)));
			}
		}
		this.active.remove(method);
		return texts;
	}

	private Optional<String> obstacle(ExecutableElement method) {
		if (this.active.contains(method)) {
			return Optional.of("which calls itself");
		}
		if (isApi(method)) {
			return Optional.of("which applications may call");
		}
		if (isOverride(method)) {
			return Optional.of("which may be called through its supertype");
		}
		if (!this.sources.references(method).isEmpty()) {
			return Optional
				.of("which may be called through " + this.sources.place(this.sources.references(method).get(0)));
		}
		return this.sources.calls(method).isEmpty() ? Optional.of("which nothing calls") : Optional.empty();
	}

	private static boolean isApi(ExecutableElement method) {
		Element element = method;
		while (element.getKind() != ElementKind.PACKAGE) {
			Set<Modifier> modifiers = element.getModifiers();
			if (!modifiers.contains(Modifier.PUBLIC) && !modifiers.contains(Modifier.PROTECTED)) {
				return false;
			}
			element = element.getEnclosingElement();
		}
		return true;
	}

	private boolean isOverride(ExecutableElement method) {
		TypeElement type = (TypeElement) method.getEnclosingElement();
		return ElementFilter
			.methodsIn(supertypes(type.asType(), new ArrayList<>()).stream()
				.flatMap((supertype) -> supertype.getEnclosedElements().stream())
				.toList())
			.stream()
			.anyMatch((other) -> this.sources.elements().overrides(method, other, type));
	}

	private List<Element> supertypes(TypeMirror type, List<Element> found) {
		this.sources.types().directSupertypes(type).forEach((supertype) -> {
			found.add(this.sources.types().asElement(supertype));
			supertypes(supertype, found);
		});
		return found;
	}

	private List<Text> unresolved(TreePath path, String reason) {
		String expression = path.getLeaf().toString().lines().findFirst().orElseThrow();
		this.problems
			.add("%s: SQL that cannot be checked: %s %s".formatted(this.sources.place(path), expression, reason));
		return List.of();
	}

	/**
	 * A text the expression can be.
	 *
	 * @param parts the text
	 * @param choices the calls it is made of, by the method that is called
	 */
	record Text(List<String> parts, Map<Object, TreePath> choices) {

		static List<Text> constant(Object value) {
			return List.of(new Text(List.of(value.toString()), Map.of()));
		}

		String value() {
			return this.parts.get(0);
		}

		// Parameters of one method come from one call of it.
		Optional<Text> append(Text next) {
			Map<Object, TreePath> merged = new HashMap<>(this.choices);
			for (Map.Entry<Object, TreePath> choice : next.choices.entrySet()) {
				TreePath other = merged.putIfAbsent(choice.getKey(), choice.getValue());
				if (other != null && other != choice.getValue()) {
					return Optional.empty();
				}
			}
			List<String> all = new ArrayList<>(this.parts);
			all.addAll(next.parts);
			return Optional.of(new Text(all, merged));
		}

		Text choose(Object method, TreePath call) {
			Map<Object, TreePath> chosen = new HashMap<>(this.choices);
			chosen.put(method, call);
			return new Text(this.parts, chosen);
		}

		// Parameters of its constructor and of whoever called that; an unknown object
		// may be any, at each use.
		Text of(Element object) {
			Map<Object, TreePath> renamed = new HashMap<>();
			if (object != null) {
				this.choices.forEach((method, call) -> renamed.put(List.of(object, method), call));
			}
			return new Text(this.parts, renamed);
		}

	}

}
