// expect: transport: needs .*http_response.* send\(oauth::http_request\)
#include <oauth/policy/transport.hpp>

struct my_transport
{
#ifdef GOOD
    oauth::result<oauth::http_response> send(oauth::http_request request);
#endif
};
static_assert(oauth::check_transport<my_transport>());
