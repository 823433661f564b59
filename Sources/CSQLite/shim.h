#pragma once
#include <sqlite3.h>

// Swift cannot call what takes a variable number of arguments.
static inline int sqlite_leave_wal_at_close(sqlite3 *db) {
  return sqlite3_db_config(db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, (int *)0);
}
