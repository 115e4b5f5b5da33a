// @vitest-environment happy-dom
import { fireEvent, screen } from '@testing-library/react'
import { PlusIcon } from 'lucide-react'
import { beforeEach, expect, test } from 'vitest'
import { Item, Menu } from '../../../../renderer/ui/menu.tsx'
import { stage } from '../stage.tsx'

let chosen: string[] = []

beforeEach(() => {
  chosen = []
  stage(
    <Menu trigger={<button type="button">More</button>}>
      {['One', 'Two'].map(name => (
        <Item key={name} icon={PlusIcon} onSelect={() => chosen.push(name)}>
          {name}
        </Item>
      ))}
    </Menu>,
  )
})

const trigger = () => screen.getByText('More')
const press = () => fireEvent.pointerDown(trigger(), { button: 0, clientX: 50, clientY: 50 })
const item = (name: string) => screen.getByRole('menuitem', { name })

// The window moved something below the pointer while the button was held, and a person was led to another page.
test('the press that opens a menu chooses nothing where it was, and what it is drawn to', () => {
  press()
  fireEvent.pointerUp(item('One'), { clientX: 51, clientY: 52 })
  expect(chosen).toEqual([])
  fireEvent.pointerUp(item('One'), { clientX: 50, clientY: 80 })
  expect(chosen).toEqual(['One'])
})

// A list that grew while a model was pressed led to what stood at its end.
test('a press in a menu chooses what was pressed, not what has moved there since', () => {
  press()
  fireEvent.pointerUp(trigger(), { clientX: 50, clientY: 50 })
  const at = { button: 0, clientX: 50, clientY: 90 }
  fireEvent.pointerDown(item('One'), at)
  fireEvent.pointerUp(item('Two'), at)
  expect(chosen).toEqual([])
  fireEvent.pointerDown(item('Two'), at)
  fireEvent.pointerUp(item('Two'), at)
  fireEvent.click(item('Two'))
  expect(chosen).toEqual(['Two'])
})

test('a key that is held opens a menu, and chooses nothing in it before it is pressed again', () => {
  trigger().focus()
  fireEvent.keyDown(trigger(), { key: 'Enter' })
  item('One').focus()
  fireEvent.keyDown(item('One'), { key: 'Enter', repeat: true })
  expect(chosen).toEqual([])
  fireEvent.keyDown(item('One'), { key: 'Enter' })
  expect(chosen).toEqual(['One'])
  fireEvent.keyDown(trigger(), { key: 'Enter', repeat: true })
  expect(screen.queryByRole('menu')).toBeNull()
})
