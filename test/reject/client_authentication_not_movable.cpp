// expect: client_authentication: must be movable
#include <oauth/policy/client_authentication.hpp>

struct my_authentication
{
#ifdef GOOD
    my_authentication(my_authentication&&) = default;
#else
    my_authentication(my_authentication&&) = delete;
#endif
    oauth::result<void> authenticate(oauth::http_request& request, oauth::form& body, oauth::client const& who, oauth::server_metadata const& server,
                                     oauth::time_point now);
};
static_assert(oauth::check_client_authentication<my_authentication>());
