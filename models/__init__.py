"""The ground floor: what is true, whoever asks. Tables, and the operations on them."""
