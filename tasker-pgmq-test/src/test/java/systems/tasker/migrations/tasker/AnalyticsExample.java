/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.migrations.tasker;

/**
 * Tasks of two kinds, one of them old and one failed.
 */
final class AnalyticsExample {

	private AnalyticsExample() {
	}

	static void insert(TaskerSession session) {
		TaskRows t1 = session.task("ns1", "t1", "T1").created(1000).in("complete");
		t1.step("sa").at("created_at", 900).in("complete", 800).set("attempts", 1);
		t1.step("sb").at("created_at", 900).in("complete", 600).set("attempts", 2);
		TaskRows t2 = session.task("ns2", "t2", "T2").created(1000).in("steps_in_process");
		t2.step("sa").at("created_at", 900).in("error", 850);
		t2.step("sb").at("created_at", 900).in("cancelled", 800);
		TaskRows t3 = session.task("ns1", "t1", "T3").created(7200).in("complete");
		t3.step("sa").at("created_at", 7200).in("complete", 7000);
		session.task("ns1", "t1", "T4").created(100).in("pending").step("sa").in("pending");
	}

}
