// MySQL and MariaDB, against mysql2 with prepared inserts.
import { createDatabase } from '../../__test__/support/databases/mysql.mjs'
import { openDatabase } from '../contenders/storages.mjs'
import * as rawMysql from '../contenders/raw-mysql.mjs'
import { savesAtOnce } from './sqlite.mjs'

export async function run({ report, quick }) {
  for (const name of ['MySQL', 'MariaDB']) {
    const databases = [await createDatabase(name), await createDatabase(name)]
    if (databases.includes(undefined)) {
      console.log(`${name}: no server, not measured`)
      continue
    }
    const contenders = [
      await openDatabase('ours')(`${databases[0].url}?ssl-mode=DISABLED`),
      await rawMysql.open(databases[1].url),
    ]
    await savesAtOnce({ report, group: name, contenders, rounds: quick ? 11 : 51 })
    for (const contender of contenders) await contender.close()
    for (const database of databases) await database.drop()
  }
}
