// expect: (use of deleted function|overload resolution selected deleted operator)
#include <oauth/core/secret.hpp>

#include <ostream>

void print(std::ostream& out, oauth::secret const& password)
{
#ifdef GOOD
    out << password.reveal();
#else
    out << password;
#endif
}
