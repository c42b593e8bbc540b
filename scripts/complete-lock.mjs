// npm drops an optional dependency from the lock file when the registry at hand does not carry it (binaries of other
// platforms), and `npm ci` then refuses the lock file. This puts the missing entries back, with what their name says of
// the platform. Run it after `npm install` where `npm ci` complains of packages missing from the lock file.
import { readFileSync, writeFileSync } from 'node:fs'

const lock = JSON.parse(readFileSync('package-lock.json', 'utf8'))
const { packages } = lock
let added = 0

for (const [path, owner] of Object.entries({ ...packages })) {
  for (const [name, version] of Object.entries(owner.optionalDependencies ?? {})) {
    const place = `node_modules/${name}`
    if (packages[place] || packages[`${path}/node_modules/${name}`]) continue
    packages[place] = { version, ...toPlatform(name), ...(owner.dev && { dev: true }), optional: true }
    added++
  }
}

function toPlatform(name) {
  const os = /android|darwin|freebsd|win32|windows|openharmony|linux/
    .exec(name)?.[0]
    .replace('windows', 'win32')
  const cpu = /arm64|arm|x64|ppc64|riscv64|s390x|64$/.exec(name)?.[0].replace(/^64$/, 'x64')
  const libc = name.includes('musl') ? 'musl' : /glibc|gnu/.test(name) ? 'glibc' : undefined
  return { ...(os && { os: [os] }), ...(cpu && { cpu: [cpu] }), ...(libc && { libc: [libc] }) }
}

lock.packages = Object.fromEntries(Object.entries(packages).sort(([a], [b]) => (a < b ? -1 : 1)))
writeFileSync('package-lock.json', `${JSON.stringify(lock, null, 2)}\n`)
console.log(`${added} entries added`)
