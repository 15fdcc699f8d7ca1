// Long work that nobody waits for.
#pragma once

namespace greffe {

// From now on the program, and each thread that it starts later, runs and reads only when no other wants to:
// nice 19 and the idle class of input and output. What the system refuses is left as it is.
void give_way();

// The calling thread alone, from now on: the program's other threads go first (nice 10 above theirs), and
// what they leave of the processors is enough for it.
void give_way_to_siblings();

}  // namespace greffe
