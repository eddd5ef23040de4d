/**
 * Identity of a customer. It comes from your code, never from the content of a conversation: tools
 * only read and change data of this customer.
 */
export interface Customer {
  /** Your own id of the customer. */
  id?: string
  /** E-mail address, case-insensitive. */
  email?: string
  /** Phone number in any common notation. */
  phone?: string
}
