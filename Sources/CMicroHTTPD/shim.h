#pragma once
#include <microhttpd.h>

// How strict the library itself is. Before 1.0 that is not much, and its own refusal of a request without a host comes out garbled:
// the server checks all of that (RequestHead).
#if MHD_VERSION >= 0x01000000
#define CMICROHTTPD_STRICTNESS MHD_OPTION_CLIENT_DISCIPLINE_LVL, 2
#else
#define CMICROHTTPD_STRICTNESS MHD_OPTION_STRICT_FOR_CLIENT, 0
#endif

// Swift cannot call variadic C functions. All callbacks get `context`.
static inline struct MHD_Daemon *cmicrohttpd_start(
    int listen_socket, unsigned int connections, unsigned int idle_seconds, size_t memory_per_connection,
    MHD_AccessHandlerCallback handle, void *(*uri_logged)(void *, const char *, struct MHD_Connection *),
    MHD_RequestCompletedCallback completed, MHD_NotifyConnectionCallback connection_changed, void *context) {
  return MHD_start_daemon(
      MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL, handle, context,
      MHD_OPTION_LISTEN_SOCKET, listen_socket, MHD_OPTION_CONNECTION_LIMIT, connections,
      MHD_OPTION_CONNECTION_TIMEOUT, idle_seconds, MHD_OPTION_CONNECTION_MEMORY_LIMIT, memory_per_connection,
      CMICROHTTPD_STRICTNESS, MHD_OPTION_URI_LOG_CALLBACK, uri_logged, context,
      MHD_OPTION_NOTIFY_COMPLETED, completed, context, MHD_OPTION_NOTIFY_CONNECTION, connection_changed, context,
      MHD_OPTION_END);
}

// The connection's socket; -1 if there is none.
static inline int cmicrohttpd_socket(struct MHD_Connection *connection) {
  const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
  return info ? info->connect_fd : -1;
}

// The address at the other end; null if there is none.
static inline const struct sockaddr *cmicrohttpd_client(struct MHD_Connection *connection) {
  const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
  return info ? info->client_addr : NULL;
}

// Bytes of the request's line and header fields, with the empty line after them.
static inline size_t cmicrohttpd_header_size(struct MHD_Connection *connection) {
  const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
  return info ? info->header_size : 0;
}
