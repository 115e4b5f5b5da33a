// @vitest-environment happy-dom
import { fireEvent, screen } from '@testing-library/react'
import { PlusIcon } from 'lucide-react'
import { expect, test } from 'vitest'
import { Item, Menu } from '../../../../renderer/ui/menu.tsx'
import { stage } from '../stage.tsx'

// The window moved something below the pointer while the button was held, and a person was led to another page.
test('the press that opens a menu chooses nothing where it was, and what it is drawn to', () => {
  const chosen: string[] = []
  stage(
    <Menu trigger={<button type="button">More</button>}>
      <Item icon={PlusIcon} onSelect={() => chosen.push('one')}>
        One
      </Item>
    </Menu>,
  )
  const press = () => fireEvent.pointerDown(screen.getByText('More'), { button: 0, clientX: 50, clientY: 50 })
  const item = () => screen.getByRole('menuitem', { name: 'One' })
  press()
  fireEvent.pointerUp(item(), { clientX: 51, clientY: 52 })
  expect(chosen).toEqual([])
  fireEvent.pointerUp(item(), { clientX: 50, clientY: 80 })
  expect(chosen).toEqual(['one'])
  press()
  fireEvent.click(item())
  expect(chosen).toEqual(['one', 'one'])
})
