CREATE TABLE `blocks` (
	`height` int unsigned NOT NULL,
	`hash` binary(32) NOT NULL,
	`parent_hash` binary(32) NOT NULL,
	`state_root_hash` binary(32) NOT NULL,
	`era_id` int unsigned NOT NULL,
	`time` bigint unsigned NOT NULL,
	`generation` tinyint unsigned NOT NULL,
	`protocol_version` varchar(50) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
	`proposer_id` int unsigned NOT NULL,
	`is_switch` tinyint unsigned NOT NULL,
	`gas_price` smallint unsigned NOT NULL,
	`transfer_transactions` smallint unsigned NOT NULL,
	`burn_transactions` smallint unsigned NOT NULL,
	`staking_transactions` smallint unsigned NOT NULL,
	`wasm_transactions` smallint unsigned NOT NULL,
	`failed_transactions` smallint unsigned NOT NULL,
	`lanes` varchar(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
	`transfers_count` int unsigned NOT NULL,
	`transfers_volume` decimal(38,0) NOT NULL,
	`staked` decimal(38,0) NOT NULL,
	`undelegated` decimal(38,0) NOT NULL,
	`fees` decimal(38,0) NOT NULL,
	`burned` decimal(38,0) NOT NULL,
	`total_supply` decimal(38,0),
	CONSTRAINT `blocks_height` PRIMARY KEY(`height`),
	CONSTRAINT `blocks_hash` UNIQUE(`hash`)
);
--> statement-breakpoint
CREATE TABLE `checkpoint` (
	`id` tinyint unsigned NOT NULL,
	`height` int unsigned NOT NULL,
	`hash` binary(32) NOT NULL,
	`era_id` int unsigned NOT NULL,
	`time` bigint unsigned NOT NULL,
	CONSTRAINT `checkpoint_id` PRIMARY KEY(`id`)
);
--> statement-breakpoint
CREATE TABLE `era_validators` (
	`era_id` int unsigned NOT NULL,
	`validator_id` int unsigned NOT NULL,
	`weight` decimal(38,0),
	`reward` decimal(38,0) NOT NULL,
	`delegators_reward` decimal(38,0) NOT NULL,
	`delegators_count` int unsigned NOT NULL,
	CONSTRAINT `era_validators_era_id_validator_id_pk` PRIMARY KEY(`era_id`,`validator_id`)
);
--> statement-breakpoint
CREATE TABLE `eras` (
	`id` int unsigned NOT NULL,
	`start_height` int unsigned NOT NULL,
	`end_height` int unsigned,
	`start_time` bigint unsigned NOT NULL,
	`end_time` bigint unsigned,
	`protocol_version` varchar(50) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
	`blocks_count` int unsigned NOT NULL,
	`transfer_transactions` int unsigned NOT NULL,
	`burn_transactions` int unsigned NOT NULL,
	`staking_transactions` int unsigned NOT NULL,
	`wasm_transactions` int unsigned NOT NULL,
	`failed_transactions` int unsigned NOT NULL,
	`transfers_count` int unsigned NOT NULL,
	`transfers_volume` decimal(38,0) NOT NULL,
	`staked` decimal(38,0) NOT NULL,
	`undelegated` decimal(38,0) NOT NULL,
	`fees` decimal(38,0) NOT NULL,
	`burned` decimal(38,0) NOT NULL,
	`minted` decimal(38,0) NOT NULL,
	`validators_count` int unsigned,
	`validators_weight` decimal(38,0),
	`next_validators_weight` decimal(38,0),
	`validators_rewards` decimal(38,0) NOT NULL,
	`delegators_rewards` decimal(38,0) NOT NULL,
	`rewarded_validators` int unsigned NOT NULL,
	`rewarded_delegators` int unsigned NOT NULL,
	`total_supply` decimal(38,0),
	`supply_adjustment` decimal(38,0) NOT NULL,
	`fees_burned` tinyint unsigned NOT NULL,
	`circulating_method` varchar(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
	`circulating` decimal(38,0),
	`circulating_validators` decimal(38,0),
	`circulating_transfers` decimal(38,0),
	`circulating_rewards` decimal(38,0),
	CONSTRAINT `eras_id` PRIMARY KEY(`id`)
);
--> statement-breakpoint
CREATE TABLE `heartbeat` (
	`id` tinyint unsigned NOT NULL,
	`at_ms` bigint unsigned NOT NULL,
	`network_height` int unsigned NOT NULL,
	`network_time` bigint unsigned NOT NULL,
	`grown_at` bigint unsigned NOT NULL,
	`trouble` varchar(300) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
	CONSTRAINT `heartbeat_id` PRIMARY KEY(`id`)
);
--> statement-breakpoint
CREATE TABLE `network` (
	`id` tinyint unsigned NOT NULL,
	`name` varchar(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
	`genesis_hash` binary(32) NOT NULL,
	`first_height` int unsigned NOT NULL,
	CONSTRAINT `network_id` PRIMARY KEY(`id`)
);
--> statement-breakpoint
CREATE TABLE `parties` (
	`id` int unsigned NOT NULL,
	`kind` tinyint unsigned NOT NULL,
	`address` binary(32) NOT NULL,
	`public_key` varbinary(34),
	CONSTRAINT `parties_id` PRIMARY KEY(`id`),
	CONSTRAINT `parties_address` UNIQUE(`address`,`kind`)
);
--> statement-breakpoint
CREATE TABLE `rewards` (
	`delegator_id` int unsigned NOT NULL,
	`era_id` int unsigned NOT NULL,
	`validator_id` int unsigned NOT NULL,
	`amount` decimal(38,0) NOT NULL,
	CONSTRAINT `rewards_delegator_id_era_id_validator_id_pk` PRIMARY KEY(`delegator_id`,`era_id`,`validator_id`)
);
--> statement-breakpoint
CREATE TABLE `stake_movements` (
	`height` int unsigned NOT NULL,
	`ordinal` smallint unsigned NOT NULL,
	`era_id` int unsigned NOT NULL,
	`kind` tinyint unsigned NOT NULL,
	`via` tinyint unsigned NOT NULL,
	`validator_id` int unsigned,
	`new_validator_id` int unsigned,
	`delegator_id` int unsigned,
	`amount` decimal(38,0),
	`moved` decimal(38,0),
	`delegation_rate` tinyint unsigned,
	`success` tinyint unsigned NOT NULL,
	CONSTRAINT `stake_movements_height_ordinal_pk` PRIMARY KEY(`height`,`ordinal`)
);
--> statement-breakpoint
CREATE TABLE `transactions` (
	`height` int unsigned NOT NULL,
	`ordinal` smallint unsigned NOT NULL,
	`hash` binary(32) NOT NULL,
	`era_id` int unsigned NOT NULL,
	`format` tinyint unsigned NOT NULL,
	`kind` tinyint unsigned NOT NULL,
	`lane` tinyint unsigned,
	`sender_id` int unsigned NOT NULL,
	`entry_point` varchar(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
	`contract` varchar(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
	`created_at` bigint unsigned NOT NULL,
	`success` tinyint unsigned NOT NULL,
	`error` varchar(1000) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
	`gas_limit` decimal(38,0),
	`consumed` decimal(38,0),
	`cost` decimal(38,0) NOT NULL,
	`refund` decimal(38,0),
	CONSTRAINT `transactions_height_ordinal_pk` PRIMARY KEY(`height`,`ordinal`),
	CONSTRAINT `transactions_hash` UNIQUE(`hash`)
);
--> statement-breakpoint
CREATE TABLE `transfers` (
	`height` int unsigned NOT NULL,
	`ordinal` smallint unsigned NOT NULL,
	`era_id` int unsigned NOT NULL,
	`time` bigint unsigned NOT NULL,
	`transaction_hash` binary(32) NOT NULL,
	`from_id` int unsigned NOT NULL,
	`to_id` int unsigned,
	`source_id` int unsigned NOT NULL,
	`target_id` int unsigned NOT NULL,
	`amount` decimal(38,0) NOT NULL,
	`id` bigint unsigned,
	`auction` tinyint unsigned NOT NULL,
	CONSTRAINT `transfers_height_ordinal_pk` PRIMARY KEY(`height`,`ordinal`)
);
--> statement-breakpoint
CREATE INDEX `blocks_era` ON `blocks` (`era_id`,`height`);--> statement-breakpoint
CREATE INDEX `blocks_switch` ON `blocks` (`is_switch`,`height`);--> statement-breakpoint
CREATE INDEX `blocks_time` ON `blocks` (`time`,`height`);--> statement-breakpoint
CREATE INDEX `era_validators_validator` ON `era_validators` (`validator_id`,`era_id`);--> statement-breakpoint
CREATE INDEX `eras_start` ON `eras` (`start_height`);--> statement-breakpoint
CREATE INDEX `stake_movements_validator` ON `stake_movements` (`validator_id`,`height`,`ordinal`);--> statement-breakpoint
CREATE INDEX `stake_movements_delegator` ON `stake_movements` (`delegator_id`,`height`,`ordinal`);--> statement-breakpoint
CREATE INDEX `transfers_era` ON `transfers` (`era_id`,`auction`,`amount`);--> statement-breakpoint
CREATE INDEX `transfers_amount` ON `transfers` (`auction`,`amount`);--> statement-breakpoint
CREATE INDEX `transfers_from` ON `transfers` (`from_id`,`auction`,`height`,`ordinal`);--> statement-breakpoint
CREATE INDEX `transfers_to` ON `transfers` (`to_id`,`auction`,`height`,`ordinal`);--> statement-breakpoint
CREATE INDEX `transfers_source` ON `transfers` (`source_id`,`auction`,`height`,`ordinal`);--> statement-breakpoint
CREATE INDEX `transfers_target` ON `transfers` (`target_id`,`auction`,`height`,`ordinal`);