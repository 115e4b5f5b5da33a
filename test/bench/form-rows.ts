import { FormSession } from '../../main/forms/session.ts'

/*
 * Fills a home with one form of many results, for `npm run bench:window`: `tsx test/bench/form-rows.ts FOLDER ROWS`.
 */

const [folder = '', rows = '10000'] = process.argv.slice(2)
const formId = '00000003-0000-7000-8000-000000000000'
const shops = ['Bäckerei Ofenwarm', '茶馆', 'Harbour Books', 'Zinnoberrot', 'Kiosk 9']

const session = await FormSession.open(folder, Date.now())
const { store } = session
store.database.transaction(() => {
  const field = (key: string) => ({ key, required: true, shape: { kind: 'text' } as const })
  store.addForm({
    id: formId,
    name: 'Receipts',
    instructions: '',
    createdAt: 1,
    fields: [
      field('shop'),
      { key: 'total', required: true, shape: { kind: 'number', whole: false } },
      field('city'),
      field('note'),
    ],
  })
  for (let n = 0; n < Number(rows); n += 1) {
    const id = `00000004-0000-7000-8000-${n.toString(16).padStart(12, '0')}`
    const shop = `${shops[n % shops.length]} ${(n * 7919) % 10_007}`
    const answer = {
      shop,
      total: ((n * 104_729) % 100_003) / 100,
      city: `City ${n % 211}`,
      note: `Thanks for visit ${n}.`,
    }
    store.addRow({
      id,
      formId,
      kind: 'text',
      name: `receipt-${n}.txt`,
      text: `${shop}, total ${answer.total}`,
      pictures: [],
      first: false,
      model: 'hearth-demo',
      createdAt: n + 1,
    })
    store.begin(id)
    store.end(id, { state: 'done', answer, problem: null })
  }
})
session.close()
