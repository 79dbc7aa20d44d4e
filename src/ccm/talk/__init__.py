"""How to talk with this customer: the handbook's chapter T as data, who this is, and the advice for them."""
