/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.sqlcontract;

/**
 * One or more statements, separated by semicolons, as the driver gets them.
 *
 * @param owner the class and method their text is in
 * @param place the file and line, for people
 * @param line the line
 * @param sql the text
 * @param namedParameters whether parameters may be {@code :named}
 */
record SqlStatement(String owner, String place, long line, String sql, boolean namedParameters) {

}
