// expect: (conversion from .* requested|no viable conversion|could not convert|no known conversion|invalid initialization)
#include <oauth/core/secret.hpp>

void send(oauth::secret const& password);

void use()
{
#ifdef GOOD
    send(oauth::secret("password"));
#else
    send("password");
#endif
}
