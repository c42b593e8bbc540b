/**
 * SQL for milliseconds since 1970 by the store's own clock. From UTC_TIMESTAMP, since NOW() stands still or repeats an
 * hour in sessions whose time zone has summer time; as a difference, since UNIX_TIMESTAMP(x) reads x in that zone too.
 * Plain enough for MariaDB, MySQL, TiDB and Vitess.
 */
export const STORE_NOW = `TIMESTAMPDIFF(MICROSECOND, '1970-01-01 00:00:00', UTC_TIMESTAMP(3)) DIV 1000`
