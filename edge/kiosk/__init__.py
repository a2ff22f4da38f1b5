"""The kiosk: the touch screen at a bank. It shows what the bank decides and hands on what the person does.

acts      what a person can do at the screen, one record each
state     what the screen remembers of whoever stands there, and for how long
moves     pure: an act or a new screen of the bank, and the state → the next state, and what is asked of the bank
screens   pure: state and facts → the view, in words
view      the view as a record: what the page draws, and all it knows
kiosk     holds the state, tells pages, counts the 20 s
server    the page and its routes, on loopback
"""
