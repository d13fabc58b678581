// expect: client_authentication: needs .*authenticate\(oauth::http_request&
#include <oauth/policy/client_authentication.hpp>

struct my_authentication
{
#ifdef GOOD
    oauth::result<void> authenticate(oauth::http_request& request, oauth::form& body, oauth::client const& who, oauth::server_metadata const& server,
                                     oauth::time_point now);
#endif
};
static_assert(oauth::check_client_authentication<my_authentication>());
