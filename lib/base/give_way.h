// Long work that nobody waits for.
#pragma once

namespace greffe {

// From now on the program, and each thread that it starts later, runs and reads only when no other wants to:
// nice 19 and the idle class of input and output. What the system refuses is left as it is.
void give_way();

}  // namespace greffe
