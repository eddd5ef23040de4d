/**
 * Who a customer is. Comes from you, never from what a conversation claims: tools tell and change only
 * what belongs to this person.
 */
export interface Customer {
  /** Your own id of the person. */
  id?: string
  /** E-mail address; case is ignored. */
  email?: string
  /** Phone number in any usual notation. */
  phone?: string
}
