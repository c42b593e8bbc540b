import type { Field } from '../decode/field.ts'
import type { Bytes } from './bytes.ts'
import { writeHexBlob, writeText } from './fields.ts'

/** What a transaction runs (casper-types 6, `TransactionTarget`). @throws {DecodeFault} */
export function writeTarget(bytes: Bytes, target: Field): void {
  if (target.value === 'Native') {
    bytes.table(() => bytes.u8(0))
    return
  }
  const [kind, item] = target.variant()
  if (kind === 'Stored') {
    item.only('id', 'runtime')
    bytes.table(
      () => bytes.u8(1),
      () => writeInvocation(bytes, item.get('id')),
      () => writeRuntime(bytes, item.get('runtime')),
    )
  } else if (kind === 'Session') {
    item.only('is_install_upgrade', 'runtime', 'module_bytes')
    bytes.table(
      () => bytes.u8(2),
      () => bytes.bool(item.get('is_install_upgrade').bool()),
      () => writeRuntime(bytes, item.get('runtime')),
      () => writeHexBlob(bytes, item.get('module_bytes')),
    )
  } else throw target.fault('Native, Stored or Session')
}

/** `TransactionInvocationTarget`: since 2.0.1 with the protocol's major version where the sender gave it. */
function writeInvocation(bytes: Bytes, id: Field): void {
  const [form, target] = id.variant()
  switch (form) {
    case 'ByHash':
      bytes.table(
        () => bytes.u8(0),
        () => bytes.hex(target.hash()),
      )
      return
    case 'ByName':
      bytes.table(
        () => bytes.u8(1),
        () => writeText(bytes, target),
      )
      return
    case 'ByPackageHash':
      target.only('addr', 'version', 'protocol_version_major')
      return writePackage(bytes, 2, target, () => bytes.hex(target.get('addr').hash()))
    case 'ByPackageName':
      target.only('name', 'version', 'protocol_version_major')
      return writePackage(bytes, 3, target, () => writeText(bytes, target.get('name')))
    default:
      throw id.fault('ByHash, ByName, ByPackageHash or ByPackageName')
  }
}

function writePackage(bytes: Bytes, tag: number, target: Field, writeName: () => void): void {
  const major = target.find('protocol_version_major')
  bytes.table(
    () => bytes.u8(tag),
    writeName,
    () => bytes.option(target.find('version'), (version) => bytes.u32(version.int(U32_MAX))),
    ...(major === null ? [] : [() => bytes.u32(major.int(U32_MAX))]),
  )
}

/** `TransactionRuntimeParams`. */
function writeRuntime(bytes: Bytes, runtime: Field): void {
  if (runtime.value === 'VmCasperV1') {
    bytes.table(() => bytes.u8(0))
    return
  }
  const [form, params] = runtime.variant()
  if (form !== 'VmCasperV2') throw runtime.fault('VmCasperV1 or VmCasperV2')
  params.only('transferred_value', 'seed', 'bundle_data')
  const bundle = params.find('bundle_data')
  bytes.table(
    () => bytes.u8(1),
    () => bytes.u64(params.get('transferred_value').u64()),
    () => bytes.option(params.find('seed'), (seed) => bytes.hex(seed.hash())),
    ...(bundle === null ? [] : [() => writeHexBlob(bytes, bundle)]),
  )
}

const U32_MAX = 2 ** 32 - 1
