/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.drill;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Stands between a client and a server, and can turn into a black hole: connections are
 * still accepted, and nobody ever answers on any of them. When it forwards again, those
 * it has swallowed stay as they are, as behind a firewall that has lost its state.
 */
final class TcpProxy implements AutoCloseable {

	private final InetSocketAddress server;

	private final ServerSocket listener;

	private final Set<Link> links = ConcurrentHashMap.newKeySet();

	private volatile boolean forwarding = true;

	TcpProxy(int serverPort) {
		try {
			this.server = new InetSocketAddress(InetAddress.getLoopbackAddress(), serverPort);
			this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		startThread(this::acceptConnections);
	}

	int port() {
		return this.listener.getLocalPort();
	}

	void swallow() {
		this.forwarding = false;
		this.links.forEach((link) -> link.swallowed = true);
	}

	void forward() {
		this.forwarding = true;
	}

	@Override
	public void close() {
		closeQuietly(this.listener);
		this.links.forEach(Link::close);
	}

	private void acceptConnections() {
		try {
			while (true) {
				Link link = new Link(this.listener.accept());
				this.links.add(link);
				startThread(link::open);
			}
		}
		catch (IOException ex) {
			// Closed.
		}
	}

	private static void startThread(Runnable task) {
		Thread thread = new Thread(task, "tcp-proxy");
		thread.setDaemon(true);
		thread.start();
	}

	private static void closeQuietly(AutoCloseable closeable) {
		try {
			closeable.close();
		}
		catch (Exception ex) {
			// It is of no use any more in any case.
		}
	}

	private final class Link {

		private final Socket client;

		private final Socket server = new Socket();

		private volatile boolean swallowed;

		Link(Socket client) {
			this.client = client;
			this.swallowed = !TcpProxy.this.forwarding;
		}

		void open() {
			if (this.swallowed) {
				return;
			}
			try {
				this.server.connect(TcpProxy.this.server);
				startThread(() -> copy(this.server, this.client));
				copy(this.client, this.server);
			}
			catch (IOException ex) {
				close();
			}
		}

		private void copy(Socket from, Socket to) {
			byte[] buffer = new byte[8192];
			try {
				int length = from.getInputStream().read(buffer);
				while (length != -1 && !this.swallowed) {
					to.getOutputStream().write(buffer, 0, length);
					length = from.getInputStream().read(buffer);
				}
			}
			catch (IOException ex) {
				// One end is gone, which is the end of the link.
			}
			if (!this.swallowed) {
				close();
			}
		}

		private void close() {
			closeQuietly(this.client);
			closeQuietly(this.server);
			TcpProxy.this.links.remove(this);
		}

	}

}
