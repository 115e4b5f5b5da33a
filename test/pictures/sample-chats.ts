/** Chats to take pictures of, as an export has them: in two languages, and with everything an answer can hold. */

const id = (kind: number, number: number) => `0${kind}a1fe4f-ee7e-70f8-9eb6-${String(number).padStart(12, '0')}`
const demo = 'hearth-demo'
const day = 24 * 60 * 60 * 1000
const now = Date.now()

type Said = Record<string, unknown> & { readonly role?: string; readonly content: string; readonly after?: number }

/**
 * @param said each message answers the one before, or the one with the index `after`
 * @param over what the chat has otherwise than most
 */
function chat(number: number, title: string, daysAgo: number, over: object, said: readonly Said[]): object[] {
  const first = 100 * number
  const at = now - daysAgo * day
  const records = said.map(({ after, ...message }, index) => ({
    type: 'message',
    id: id(2, first + index),
    conversationId: id(1, number),
    createdAt: at + index,
    parentId: index === 0 ? null : id(2, first + (after ?? index - 1)),
    role: index % 2 === 0 ? 'user' : 'assistant',
    model: index % 2 === 0 ? '' : demo,
    state: 'complete',
    thinking: '',
    ...message,
  }))
  const chat = { type: 'conversation', id: id(1, number), title, model: demo, createdAt: at, updatedAt: at }
  const rest = { pinned: false, folderId: null, system: '', parameters: {}, activeLeaf: id(2, first + said.length - 1) }
  return [{ ...chat, ...rest, ...over }, ...records]
}

const metrics = (over: object = {}) => ({
  promptTokens: 812,
  outputTokens: 356,
  outputSeconds: 12.4,
  thinkingSeconds: null,
  ended: 'stop',
  ...over,
})

const everything = `The sun stands low over a green field and the sky is pale blue, so this is most likely **early morning**, within the hour after sunrise.

## To photograph it

1. Expose for the *sky* and lift the field afterwards.
2. Put the horizon on the lower third:
   - the lower the sun, the longer the shadows;
   - a tripod helps below \`1/60 s\`.
3. ~~Use the flash.~~ Leave the flash at home.

| Setting | Start with | Why |
|---|---|---|
| Aperture | f/8 | sharp from the grass to the hills |
| ISO | 100 | clean shadows |
| Shutter | 1/125 s | the grass moves in the wind |

\`\`\`python
def exposure_value(aperture: float, seconds: float) -> float:
    """EV at ISO 100: each step doubles the light."""
    return math.log2(aperture**2 / seconds)  # 13 at sunrise
\`\`\`

The value follows from $EV = \\log_2 \\frac{N^2}{t}$, and over a whole morning

$$
\\overline{EV} = \\frac{1}{t_1 - t_0} \\int_{t_0}^{t_1} \\log_2 \\frac{N(t)^2}{t} \\, dt
$$

> The best camera is the one that is with you.

- [x] Look up the time of sunrise
- [ ] Charge the battery

More on [Wikipedia](https://en.wikipedia.org/wiki/Exposure_value).`

const chinese = `天空之所以是蓝色，是因为**瑞利散射**：阳光穿过大气时，波长较短的蓝光比红光更容易被空气分子散射开。

### 三个要点

1. 散射强度与波长的四次方成反比，即 $I \\propto \\lambda^{-4}$；
2. 紫光散射得更强，但太阳光里紫光较少，人眼也不敏感；
3. 日落时光线穿过的空气更厚，蓝光几乎散尽，所以天空偏红。

| 颜色 | 波长（nm） | 相对散射 |
|---|---|---|
| 红 | 700 | 1 |
| 绿 | 550 | 2.6 |
| 蓝 | 450 | 5.9 |

可以用 Python 算一下：

\`\`\`python
def scattering(wavelength_nm: float) -> float:
    """以 700 nm 的红光为 1。"""
    return (700 / wavelength_nm) ** 4
\`\`\`

如果想亲眼看到，可以在一杯水里滴几滴牛奶，再用手电筒（LED 的就行）从侧面照。`

const weather = { id: '', name: 'get_weather', arguments: { city: 'Paris', days: 3, units: { wind: 'km/h' } } }

export const everythingTitle = 'A picture of a sunrise'
export const chineseTitle = '为什么天空是蓝色的'
export const toolsTitle = 'Weather in Paris'
export const forgetfulTitle = 'Letters to the landlord'
export const troubleTitle = 'What came to an end too early'

/** @param model the one that answered */
export const sampleChats = (model = demo): readonly object[] =>
  records.map(record => ('model' in record && record.model === demo ? { ...record, model } : record))

const records: readonly object[] = [
  { type: 'folder', id: id(3, 1), name: 'Travel' },
  { type: 'folder', id: id(3, 2), name: '工作' },
  ...chat(1, everythingTitle, 0, {}, [
    { content: 'What time of day is this, and how would I photograph it?' },
    { content: 'It is hard to say.', metrics: metrics({ outputTokens: 6, outputSeconds: 0.4 }) },
    {
      role: 'assistant',
      model: demo,
      after: 0,
      content: everything,
      thinking:
        'The light is warm and comes from low on the left.\n\nThe sky is still pale, so the sun has just risen.',
      metrics: metrics({ thinkingSeconds: 4.2 }),
      context: { size: 4096, from: null, cut: false },
    },
  ]),
  ...chat(2, chineseTitle, 0, {}, [
    { content: '为什么天空是蓝色的？请用简单的话说明，并给出公式。' },
    { content: chinese, metrics: metrics({ thinkingSeconds: 2 }), thinking: '先说现象，再说原因。' },
  ]),
  ...chat(3, forgetfulTitle, 1, { pinned: true }, [
    { content: 'Write a friendly letter to my landlord about the heating.' },
    { content: 'Dear Ms Weber,\n\nsince Monday the heating in the living room stays cold. Could somebody look at it?' },
    { content: 'Shorter, please.' },
    {
      content: 'Dear Ms Weber, the living room heating is cold. Could you send somebody?',
      metrics: metrics({ promptTokens: 3900, ended: 'length' }),
      context: { size: 4096, from: id(2, 302), cut: true },
    },
  ]),
  ...chat(4, toolsTitle, 1, { folderId: id(3, 1) }, [
    { content: 'What is the weather in Paris?' },
    { content: 'I look it up.', toolCalls: [weather] },
    {
      role: 'tool',
      content: '{"temperature":21,"sky":"clear","wind":{"speed":12,"unit":"km/h"}}',
      tool: { name: 'get_weather', callId: '' },
    },
    {
      role: 'assistant',
      model: demo,
      content: 'It is **21 degrees** and clear in Paris.',
      toolCalls: [{ ...weather, arguments: { city: 'Lyon' } }],
    },
  ]),
  ...chat(5, troubleTitle, 3, {}, [
    { content: 'Tell me a long story.' },
    { content: 'Once upon a time there was a hearth', state: 'stopped' },
    { content: 'Go on.' },
    { content: 'in a small house at the edge', state: 'interrupted' },
    { content: 'And then?' },
    {
      content: '',
      state: 'failed',
      problem: { code: 'engine-crashed', message: 'the engine ended unexpectedly', details: 'SIGKILL' },
    },
  ]),
  ...chat(6, 'Spanish verbs, week 3', 4, { folderId: id(3, 1) }, [
    { content: 'Ser or estar?' },
    { content: 'Both mean to be.' },
  ]),
  ...chat(7, '周报：第 47 周的 Q4 总结与下周计划，以及需要同事确认的事项', 5, { folderId: id(3, 2) }, [
    { content: '写一份周报。' },
    { content: '好的。' },
  ]),
  ...chat(8, 'Budget table for the trip', 9, {}, [{ content: 'Make a budget.' }, { content: 'Travel 300, food 200.' }]),
  ...chat(9, 'A title that is so very long that no sidebar in the world would ever show all of it', 40, {}, [
    { content: 'Hm?' },
    { content: 'Hm.' },
  ]),
  ...chat(10, 'Explain my blood test', 70, {}, [{ content: 'What is CRP?' }, { content: 'A sign of inflammation.' }]),
]
