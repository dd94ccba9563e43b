/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging.pgmq;

import javax.sql.DataSource;

import org.junit.jupiter.api.Test;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

import systems.tasker.messaging.JacksonMessageSerializer;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class PgmqMessagingServiceTests {

	private static final DataSource DATABASE = new DriverManagerDataSource();

	@Test
	void refusesBadArgumentsByName() {
		JacksonMessageSerializer serializer = new JacksonMessageSerializer();
		assertThatIllegalArgumentException().isThrownBy(() -> new PgmqMessagingService(DATABASE, null))
			.withMessage("settings must not be null");
		assertThatIllegalArgumentException().isThrownBy(() -> new PgmqMessagingService(null, serializer, 1))
			.withMessage("pgmq must not be null");
		assertThatIllegalArgumentException().isThrownBy(() -> new PgmqMessagingService(DATABASE, null, 1))
			.withMessage("serializer must not be null");
		assertThatIllegalArgumentException().isThrownBy(() -> new PgmqMessagingService(DATABASE, serializer, 0))
			.withMessage("maxMessageBytes must be at least 1, but is 0");
	}

}
