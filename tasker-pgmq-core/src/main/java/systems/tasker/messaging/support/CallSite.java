/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging.support;

import java.util.List;

/**
 * Finds who called us: the first frame that is neither ours nor of the machinery between
 * a caller and a bean.
 */
final class CallSite {

	private static final StackWalker walker = StackWalker.getInstance();

	private static final List<String> machinery = List.of("systems.tasker.messaging.", "systems.tasker.messages.",
			"org.springframework.", "io.micrometer.", "java.", "javax.", "jdk.", "sun.", "com.sun.");

	private CallSite() {
	}

	/**
	 * Describe the caller.
	 * @return class, method, file and line
	 */
	static String find() {
		return walker.walk((frames) -> frames.filter((frame) -> !isMachinery(frame.getClassName()))
			.findFirst()
			.map(CallSite::describe)
			.orElse("an unknown place"));
	}

	// Classes made at run time stand for others: CGLIB's have two dollars in their name.
	private static boolean isMachinery(String className) {
		return className.contains("$$") || className.contains("$Proxy")
				|| machinery.stream().anyMatch(className::startsWith);
	}

	private static String describe(StackWalker.StackFrame frame) {
		return "%s.%s(%s:%d)".formatted(frame.getClassName(), frame.getMethodName(), frame.getFileName(),
				frame.getLineNumber());
	}

}
