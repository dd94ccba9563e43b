/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.sqlcontract;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;

import javax.lang.model.element.Element;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.element.VariableElement;
import javax.lang.model.type.ArrayType;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.util.Elements;
import javax.lang.model.util.Types;

/**
 * Knows which methods and constructors of libraries run the SQL they are given: in all of
 * them it is the first text.
 */
final class SqlSinks {

	/** No names: all methods that take text. */
	private static final Map<String, Set<String>> POSITIONAL = Map.of("java.sql.Connection",
			Set.of("prepareStatement", "prepareCall", "nativeSQL"), "java.sql.Statement",
			Set.of("execute", "executeQuery", "executeUpdate", "executeLargeUpdate", "addBatch"), "javax.sql.RowSet",
			Set.of("setCommand"), "org.springframework.jdbc.core.JdbcOperations", Set.of(),
			"org.springframework.jdbc.core.PreparedStatementCreatorFactory", Set.of("<init>"),
			"org.springframework.jdbc.core.CallableStatementCreatorFactory", Set.of("<init>"),
			"org.flywaydb.core.api.configuration.FluentConfiguration", Set.of("initSql"),
			"org.flywaydb.core.api.configuration.ClassicConfiguration", Set.of("setInitSql"),
			"com.zaxxer.hikari.HikariConfig", Set.of("setConnectionInitSql", "setConnectionTestQuery"));

	private static final Map<String, Set<String>> NAMED = Map.of("org.springframework.jdbc.core.simple.JdbcClient",
			Set.of("sql"), "org.springframework.jdbc.core.namedparam.NamedParameterJdbcOperations", Set.of());

	/** Types that run SQL in ways nobody here has taught to this check. */
	private static final List<String> UNKNOWN = List.of("org.springframework.jdbc.object.",
			"org.springframework.jdbc.datasource.init.", "org.springframework.jdbc.core.simple.SimpleJdbc",
			"org.postgresql.copy.", "jakarta.persistence.EntityManager.", "org.hibernate.");

	private final Elements elements;

	private final Types types;

	SqlSinks(Elements elements, Types types) {
		this.elements = elements;
		this.types = types;
	}

	/**
	 * Return which argument is SQL, if the method runs SQL. If that is the last of its
	 * parameters and an array, all that follow are SQL, too.
	 */
	OptionalInt sql(ExecutableElement method) {
		return (matches(POSITIONAL, method) || takesNamedParameters(method))
				? IntStream.range(0, method.getParameters().size())
					.filter((index) -> isText(method.getParameters().get(index)))
					.findFirst()
				: OptionalInt.empty();
	}

	boolean takesNamedParameters(ExecutableElement method) {
		return matches(NAMED, method);
	}

	boolean isUnknown(ExecutableElement method) {
		String owner = method.getEnclosingElement() + ".";
		return UNKNOWN.stream().anyMatch(owner::startsWith);
	}

	private boolean matches(Map<String, Set<String>> sinks, ExecutableElement method) {
		return sinks.entrySet()
			.stream()
			.filter((sink) -> sink.getValue().isEmpty() || sink.getValue().contains(method.getSimpleName().toString()))
			.anyMatch((sink) -> isA(method.getEnclosingElement(), sink.getKey()));
	}

	private boolean isA(Element owner, String type) {
		TypeElement sink = Objects.requireNonNull(this.elements.getTypeElement(type), type);
		return this.types.isSubtype(this.types.erasure(owner.asType()), this.types.erasure(sink.asType()));
	}

	private boolean isText(VariableElement parameter) {
		TypeMirror type = (parameter.asType() instanceof ArrayType array) ? array.getComponentType()
				: parameter.asType();
		return String.valueOf(this.types.asElement(type)).equals("java.lang.String");
	}

}
