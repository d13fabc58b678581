// The library's larger functions, where tests and examples only declare them: see <oauth/config.hpp>.
#include <oauth/src.hpp>
