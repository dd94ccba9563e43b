/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.database;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/**
 * Address of a PostgreSQL database, read from any of the forms
 * {@code postgresql://user:secret@host:5432/db?sslmode=require}, {@code postgres://…} and
 * {@code jdbc:postgresql://…}. Text and failure messages never show the password.
 *
 * @param hosts the servers in the order given, at least one
 * @param database the name of the database
 * @param username the role to log in as, or {@code null} to leave the choice to the
 * driver
 * @param password the password, or {@code null}
 * @param parameters the query parameters without user and password, named as the JDBC
 * driver names them, in the order given
 */
public record PostgresUrl(List<Host> hosts, String database, @Nullable String username, @Nullable String password,
		Map<String, String> parameters) {

	/** Names a unix socket when it begins with a slash. */
	static final String SOCKET_PARAMETER = "host";

	/**
	 * Create an address from its parts.
	 * @param hosts the servers
	 * @param database the name of the database
	 * @param username the role, or {@code null}
	 * @param password the password, or {@code null}
	 * @param parameters the parameters for the driver
	 */
	public PostgresUrl {
		hosts = List.copyOf(hosts);
		parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
	}

	/**
	 * Read an address.
	 * @param text the address in one of the forms named above; user, password, database
	 * and parameters are percent-decoded, an IPv6 host stands in brackets, several hosts
	 * are separated by commas
	 * @return the address
	 * @throws IllegalArgumentException if the text is none of these forms or names no
	 * database; the message says why and shows nothing of a password
	 */
	public static PostgresUrl parse(String text) {
		return new PostgresUrlParser(text).parse();
	}

	/**
	 * Return this address for another login.
	 * @param username the role, or {@code null} to keep the one of this address
	 * @param password the password, or {@code null} to keep the one of this address
	 * @return the address with these credentials
	 */
	public PostgresUrl withCredentials(@Nullable String username, @Nullable String password) {
		return new PostgresUrl(this.hosts, this.database, (username != null) ? username : this.username,
				(password != null) ? password : this.password, this.parameters);
	}

	/**
	 * Return the address as the JDBC driver reads it, without user and password.
	 * @return a URL that begins with {@code jdbc:postgresql://}
	 */
	public String jdbcUrl() {
		String query = this.parameters.entrySet()
			.stream()
			.map((parameter) -> encode(parameter.getKey()) + "=" + encode(parameter.getValue()))
			.collect(Collectors.joining("&"));
		return "jdbc:" + address(encode(this.database)) + (query.isEmpty() ? "" : "?" + query);
	}

	/**
	 * Return whether another address leads to the same database as the same role: equal
	 * hosts and ports in any order and case, equal database, equal user. Parameters and
	 * password do not count.
	 * @param other the other address
	 * @return {@code true} if one pool can serve both
	 */
	public boolean isSameDatabase(PostgresUrl other) {
		return new HashSet<>(this.hosts).equals(new HashSet<>(other.hosts)) && this.database.equals(other.database)
				&& Objects.equals(this.username, other.username)
				&& Objects.equals(this.parameters.get(SOCKET_PARAMETER), other.parameters.get(SOCKET_PARAMETER));
	}

	/**
	 * Return the address without credentials and parameters, fit for logs.
	 * @return for example {@code postgresql://host:5432/db}
	 */
	@Override
	public String toString() {
		return address(this.database);
	}

	private String address(String path) {
		return this.hosts.stream().map(Host::toString).collect(Collectors.joining(",", "postgresql://", "/" + path));
	}

	private static String encode(String text) {
		return URLEncoder.encode(text, StandardCharsets.UTF_8);
	}

	/**
	 * A server.
	 *
	 * @param name the name or address in lower case, an IPv6 address in brackets
	 * @param port the TCP port, 1 to 65535
	 */
	public record Host(String name, int port) {

		/**
		 * Create a host.
		 * @param name the name or address
		 * @param port the TCP port
		 */
		public Host {
			name = name.toLowerCase(Locale.ROOT);
		}

		@Override
		public String toString() {
			return this.name + ":" + this.port;
		}

	}

}
