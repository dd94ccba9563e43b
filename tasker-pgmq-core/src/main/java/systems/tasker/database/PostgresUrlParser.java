/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.database;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * Reads the three spellings of an address with one grammar. Written by hand because
 * {@link java.net.URI} refuses several hosts, and the parser of the driver logs the whole
 * text, password included, when it does not understand it.
 */
final class PostgresUrlParser {

	private static final int DEFAULT_PORT = 5432;

	private static final String JDBC_PREFIX = "jdbc:";

	private static final Pattern SCHEME = Pattern.compile("([a-z][a-z0-9+.-]*)://");

	/**
	 * What libpq calls these parameters, and what the driver does. The driver ignores a
	 * name it does not know, so a time-out would be lost without a word.
	 */
	private static final Map<String, String> DRIVER_NAMES = Map.of("application_name", "ApplicationName",
			"channel_binding", "channelBinding", "connect_timeout", "connectTimeout", "gssencmode", "gssEncMode",
			"target_session_attrs", "targetServerType");

	private static final Map<String, String> SERVER_TYPES = Map.of("read-write", "primary", "read-only", "secondary",
			"standby", "secondary", "prefer-standby", "preferSecondary");

	private final String text;

	private final boolean jdbc;

	PostgresUrlParser(String text) {
		this.jdbc = text.strip().startsWith(JDBC_PREFIX);
		this.text = this.jdbc ? text.strip().substring(JDBC_PREFIX.length()) : text.strip();
	}

	PostgresUrl parse() {
		String rest = withoutScheme();
		int question = rest.indexOf('?');
		Map<String, String> parameters = parameters((question < 0) ? "" : rest.substring(question + 1));
		rest = (question < 0) ? rest : rest.substring(0, question);
		int slash = rest.indexOf('/');
		String authority = (slash < 0) ? rest : rest.substring(0, slash);
		String database = decode((slash < 0) ? "" : rest.substring(slash + 1), "database name");
		int at = authority.lastIndexOf('@');
		String login = (at < 0) ? "" : authority.substring(0, at);
		if (slash >= 0 && (rest.indexOf('/', slash + 1) >= 0 || rest.indexOf('@', slash) >= 0)) {
			throw malformed("it has a '/' where none can be; write %2F for a '/' in a user, password or database name");
		}
		List<PostgresUrl.Host> hosts = hosts(authority.substring(at + 1), parameters);
		if (parameters.containsKey("dbname")) {
			database = parameters.remove("dbname");
		}
		if (database.isBlank()) {
			throw malformed("it names no database; write the name behind the host: postgresql://host:5432/name");
		}
		String username = parameters.remove("user");
		String password = parameters.remove("password");
		int colon = login.indexOf(':');
		if (!login.isEmpty()) {
			username = decode((colon < 0) ? login : login.substring(0, colon), "user name");
		}
		if (colon >= 0) {
			password = decode(login.substring(colon + 1), "password");
		}
		return new PostgresUrl(hosts, database, blankToNull(username), password, parameters);
	}

	private String withoutScheme() {
		for (String scheme : List.of("postgresql://", "postgres://")) {
			if (this.text.startsWith(scheme)) {
				return this.text.substring(scheme.length());
			}
		}
		if (this.jdbc && this.text.startsWith("postgresql:") && !this.text.startsWith("postgresql:/")) {
			return "/" + this.text.substring("postgresql:".length());
		}
		Matcher scheme = SCHEME.matcher(this.text);
		throw malformed((scheme.lookingAt() ? "its scheme '" + scheme.group(1) + "' is none of" : "it has none of")
				+ " postgresql://, postgres:// and jdbc:postgresql://");
	}

	private List<PostgresUrl.Host> hosts(String authority, Map<String, String> parameters) {
		String host = parameters.get(PostgresUrl.SOCKET_PARAMETER);
		if (host != null && !host.startsWith("/")) {
			authority = host;
			parameters.remove(PostgresUrl.SOCKET_PARAMETER);
		}
		int defaultPort = parameters.containsKey("port") ? port(parameters.remove("port")) : DEFAULT_PORT;
		List<PostgresUrl.Host> hosts = new ArrayList<>();
		for (String part : authority.split(",", -1)) {
			int colon = part.lastIndexOf(':');
			boolean hasPort = colon > part.lastIndexOf(']');
			String name = decode(hasPort ? part.substring(0, colon) : part, "host");
			if (name.indexOf(':') >= 0 && !name.startsWith("[")) {
				throw malformed("its host has several ':'; write an IPv6 address in brackets: [::1]");
			}
			hosts.add(new PostgresUrl.Host(name.isEmpty() ? "localhost" : name,
					hasPort ? port(part.substring(colon + 1)) : defaultPort));
		}
		return hosts;
	}

	private int port(String digits) {
		try {
			int port = Integer.parseInt(digits);
			if (port >= 1 && port <= 65535) {
				return port;
			}
		}
		catch (NumberFormatException ex) {
			// The text stays out of the message: with an '@' missing it is a password.
		}
		throw malformed("its port is not a number from 1 to 65535; "
				+ "write %3A for a ':' and %40 for an '@' in a user or password");
	}

	private Map<String, String> parameters(String query) {
		Map<String, String> parameters = new LinkedHashMap<>();
		for (String pair : query.split("&")) {
			if (!pair.isEmpty()) {
				int equals = pair.indexOf('=');
				String name = decode((equals < 0) ? pair : pair.substring(0, equals), "parameter name");
				String value = decode((equals < 0) ? "" : pair.substring(equals + 1), "parameter value");
				put(parameters, name, value);
			}
		}
		return parameters;
	}

	private void put(Map<String, String> parameters, String name, String value) {
		if (this.jdbc) {
			parameters.put(name, value);
			return;
		}
		String translated = name.equals("target_session_attrs") ? SERVER_TYPES.getOrDefault(value, value) : value;
		parameters.put(DRIVER_NAMES.getOrDefault(name, name), translated);
	}

	private String decode(String encoded, String what) {
		try {
			// The driver reads '+' as a space, libpq reads it as itself.
			String form = this.jdbc ? encoded : encoded.replace("+", "%2B");
			return URLDecoder.decode(form, StandardCharsets.UTF_8);
		}
		catch (IllegalArgumentException ex) {
			throw malformed("its " + what + " has a '%' without two hexadecimal digits; write %25 for a '%'");
		}
	}

	private static @Nullable String blankToNull(@Nullable String text) {
		return (text == null || text.isBlank()) ? null : text;
	}

	private static IllegalArgumentException malformed(String reason) {
		return new IllegalArgumentException("The PostgreSQL URL cannot be read: " + reason);
	}

}
