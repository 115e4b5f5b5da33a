/** Statements and expressions of a template. */
export type Statement =
  | { readonly type: 'data'; readonly text: string }
  | { readonly type: 'output'; readonly value: Expression }
  | ForStatement
  | { readonly type: 'if'; readonly test: Expression; readonly body: Body; readonly otherwise: Body }
  | { readonly type: 'set'; readonly target: Target; readonly value: Expression }
  | { readonly type: 'set-block'; readonly target: Target; readonly body: Body; readonly filters: readonly Filter[] }
  | { readonly type: 'with'; readonly names: readonly (readonly [Target, Expression])[]; readonly body: Body }
  | MacroStatement
  | { readonly type: 'call-block'; readonly call: CallExpression; readonly caller: MacroStatement }
  | { readonly type: 'filter-block'; readonly filters: readonly Filter[]; readonly body: Body }
  /** Marks what the model itself writes; it has no effect here. */
  | { readonly type: 'generation'; readonly body: Body }
  | { readonly type: 'break' }
  | { readonly type: 'continue' }

export type Body = readonly Statement[]

export interface ForStatement {
  readonly type: 'for'
  readonly target: Target
  readonly iterable: Expression
  readonly test?: Expression
  readonly body: Body
  readonly otherwise: Body
  readonly recursive: boolean
}

export interface MacroStatement {
  readonly type: 'macro'
  readonly name: string
  readonly parameters: readonly Parameter[]
  readonly body: Body
}

export interface Parameter {
  readonly name: string
  readonly fallback?: Expression
}

/** What can be assigned to: a name, an attribute of a namespace, or several of them. */
export type Target =
  | { readonly type: 'name'; readonly name: string }
  | { readonly type: 'namespace-attribute'; readonly name: string; readonly attribute: string }
  | { readonly type: 'tuple'; readonly items: readonly Target[] }

export interface CallExpression {
  readonly type: 'call'
  readonly callee: Expression
  readonly args: Arguments
}

export interface Arguments {
  readonly positional: readonly { readonly value: Expression; readonly spread: boolean }[]
  readonly named: readonly (readonly [string, Expression])[]
  /** `**mapping` */
  readonly namedSpread?: Expression
}

export interface Filter {
  readonly name: string
  readonly args: Arguments
}

export type Expression =
  | { readonly type: 'constant'; readonly value: string | number | boolean | null }
  | { readonly type: 'float'; readonly value: number }
  | { readonly type: 'name'; readonly name: string }
  | { readonly type: 'list' | 'tuple'; readonly items: readonly Expression[] }
  | { readonly type: 'dict'; readonly entries: readonly (readonly [Expression, Expression])[] }
  | { readonly type: 'attribute'; readonly object: Expression; readonly name: string }
  | { readonly type: 'item'; readonly object: Expression; readonly key: Expression }
  | {
      readonly type: 'slice'
      readonly object: Expression
      readonly start?: Expression
      readonly stop?: Expression
      readonly step?: Expression
    }
  | CallExpression
  | { readonly type: 'filter'; readonly value: Expression; readonly filter: Filter }
  | {
      readonly type: 'test'
      readonly value: Expression
      readonly name: string
      readonly args: Arguments
      readonly negated: boolean
    }
  | { readonly type: 'not'; readonly value: Expression }
  | { readonly type: 'unary'; readonly operator: '-' | '+'; readonly value: Expression }
  | {
      readonly type: 'binary'
      readonly operator: BinaryOperator
      readonly left: Expression
      readonly right: Expression
    }
  | { readonly type: 'concat'; readonly parts: readonly Expression[] }
  | {
      readonly type: 'compare'
      readonly first: Expression
      readonly rest: readonly (readonly [Comparison, Expression])[]
    }
  | { readonly type: 'and' | 'or'; readonly left: Expression; readonly right: Expression }
  | {
      readonly type: 'conditional'
      readonly test: Expression
      readonly value: Expression
      readonly otherwise?: Expression
    }

export type BinaryOperator = '+' | '-' | '*' | '/' | '//' | '%' | '**'
export type Comparison = '==' | '!=' | '<' | '<=' | '>' | '>=' | 'in' | 'not in'
