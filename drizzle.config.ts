import { defineConfig } from 'drizzle-kit'

/** `npx drizzle-kit generate --name what-changed` adds a migration; `src/store/migrate.ts` runs them. */
export default defineConfig({
  dialect: 'mysql',
  schema: './src/store/schema/*.ts',
  out: './migrations',
})
