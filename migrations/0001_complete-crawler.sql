CREATE TABLE `bids` (
	`era_id` int unsigned NOT NULL,
	`validator_id` int unsigned NOT NULL,
	`self_stake` decimal(38,0) NOT NULL,
	`delegators_stake` decimal(38,0),
	`delegators_count` int unsigned,
	`delegation_rate` tinyint unsigned NOT NULL,
	`active` tinyint unsigned NOT NULL,
	`min_delegation` decimal(38,0),
	`max_delegation` decimal(38,0),
	`reserved_slots` int unsigned,
	`reservations` int unsigned,
	`vesting_from` bigint unsigned,
	CONSTRAINT `bids_era_id_validator_id_pk` PRIMARY KEY(`era_id`,`validator_id`)
);
--> statement-breakpoint
CREATE TABLE `delegations` (
	`delegator_id` int unsigned NOT NULL,
	`era_id` int unsigned NOT NULL,
	`validator_id` int unsigned NOT NULL,
	`stake` decimal(38,0) NOT NULL,
	CONSTRAINT `delegations_delegator_id_era_id_validator_id_pk` PRIMARY KEY(`delegator_id`,`era_id`,`validator_id`)
);
--> statement-breakpoint
CREATE TABLE `unbondings` (
	`height` int unsigned NOT NULL,
	`ordinal` smallint unsigned NOT NULL,
	`entry` smallint unsigned NOT NULL,
	`era_id` int unsigned NOT NULL,
	`validator_id` int unsigned NOT NULL,
	`delegator_id` int unsigned NOT NULL,
	`new_validator_id` int unsigned,
	`amount` decimal(38,0) NOT NULL,
	`release_era` int unsigned,
	CONSTRAINT `unbondings_height_ordinal_entry_pk` PRIMARY KEY(`height`,`ordinal`,`entry`)
);
--> statement-breakpoint
CREATE TABLE `cuts` (
	`id` int unsigned NOT NULL,
	`height` int unsigned NOT NULL,
	`era_id` int unsigned NOT NULL,
	CONSTRAINT `cuts_id` PRIMARY KEY(`id`)
);
--> statement-breakpoint
CREATE TABLE `absences` (
	`height` int unsigned NOT NULL,
	`figure` varchar(40) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
	`reason` varchar(300) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
	CONSTRAINT `absences_height_figure_pk` PRIMARY KEY(`height`,`figure`)
);
--> statement-breakpoint
CREATE TABLE `announcements` (
	`purge_group` varchar(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
	`height` int unsigned NOT NULL,
	`at_ms` bigint unsigned NOT NULL,
	CONSTRAINT `announcements_purge_group` PRIMARY KEY(`purge_group`)
);
--> statement-breakpoint
CREATE TABLE `incidents` (
	`at_ms` bigint unsigned NOT NULL,
	`kind` varchar(40) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
	`height` int unsigned NOT NULL,
	`detail` varchar(1000) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
	CONSTRAINT `incidents_at_ms_kind_height_pk` PRIMARY KEY(`at_ms`,`kind`,`height`)
);
--> statement-breakpoint
CREATE TABLE `lease` (
	`id` tinyint unsigned NOT NULL,
	`holder` varchar(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
	`until_ms` bigint unsigned NOT NULL,
	`term` int unsigned NOT NULL,
	`taken_at_ms` bigint unsigned NOT NULL,
	CONSTRAINT `lease_id` PRIMARY KEY(`id`)
);
--> statement-breakpoint
CREATE TABLE `protocols` (
	`activation_height` int unsigned NOT NULL,
	`version` varchar(50) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
	`era_id` int unsigned NOT NULL,
	`time` bigint unsigned NOT NULL,
	`block_hash` binary(32) NOT NULL,
	CONSTRAINT `protocols_activation_height` PRIMARY KEY(`activation_height`)
);
--> statement-breakpoint
CREATE TABLE `peers` (
	`address` varchar(45) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
	`validator` varbinary(34),
	`version` varchar(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
	`api_version` varchar(50) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
	`country` varchar(2) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
	`region` varchar(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
	`city` varchar(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
	`postal` varchar(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
	`timezone` varchar(50) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
	`latitude` double,
	`longitude` double,
	`organisation` varchar(200) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
	`seen_at` bigint unsigned NOT NULL,
	`answered_at` bigint unsigned,
	CONSTRAINT `peers_address` PRIMARY KEY(`address`)
);
--> statement-breakpoint
CREATE TABLE `current_price` (
	`id` tinyint unsigned NOT NULL,
	`usd` double NOT NULL,
	`at_ms` bigint unsigned NOT NULL,
	`source` varchar(40) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
	CONSTRAINT `current_price_id_pk` PRIMARY KEY(`id`)
);
--> statement-breakpoint
CREATE TABLE `price_absences` (
	`source` varchar(40) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
	`hour_ms` bigint unsigned NOT NULL,
	`asked_at_ms` bigint unsigned NOT NULL,
	CONSTRAINT `price_absences_source_hour_ms_pk` PRIMARY KEY(`source`,`hour_ms`)
);
--> statement-breakpoint
CREATE TABLE `prices` (
	`hour_ms` bigint unsigned NOT NULL,
	`open` double NOT NULL,
	`high` double NOT NULL,
	`low` double NOT NULL,
	`close` double NOT NULL,
	`volume_from` double,
	`volume_to` double,
	`source` varchar(40) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
	`asked_at_ms` bigint unsigned NOT NULL,
	CONSTRAINT `prices_hour_ms` PRIMARY KEY(`hour_ms`)
);
--> statement-breakpoint
ALTER TABLE `era_validators` ADD `proposed` int unsigned;--> statement-breakpoint
ALTER TABLE `era_validators` ADD `cited` int unsigned;--> statement-breakpoint
ALTER TABLE `era_validators` ADD `equivocated` tinyint unsigned;--> statement-breakpoint
ALTER TABLE `era_validators` ADD `inactive` tinyint unsigned;--> statement-breakpoint
ALTER TABLE `eras` ADD `sustained` decimal(38,0);--> statement-breakpoint
ALTER TABLE `eras` ADD `declared_adjustment` decimal(38,0);--> statement-breakpoint
ALTER TABLE `parties` ADD `first_height` int unsigned;--> statement-breakpoint
ALTER TABLE `parties` ADD `last_height` int unsigned;--> statement-breakpoint
CREATE INDEX `bids_validator` ON `bids` (`validator_id`,`era_id`);--> statement-breakpoint
CREATE INDEX `delegations_validator` ON `delegations` (`validator_id`,`era_id`);--> statement-breakpoint
CREATE INDEX `unbondings_delegator` ON `unbondings` (`delegator_id`,`height`);--> statement-breakpoint
CREATE INDEX `unbondings_release` ON `unbondings` (`release_era`);--> statement-breakpoint
CREATE INDEX `absences_figure` ON `absences` (`figure`,`height`);--> statement-breakpoint
CREATE INDEX `blocks_proposer` ON `blocks` (`proposer_id`,`height`);--> statement-breakpoint
CREATE INDEX `transactions_sender` ON `transactions` (`sender_id`,`height`,`ordinal`);