// expect: transport: must be movable
#include <oauth/policy/transport.hpp>

struct my_transport
{
#ifdef GOOD
    my_transport(my_transport&&) = default;
#else
    my_transport(my_transport&&) = delete;
#endif
    oauth::result<oauth::http_response> send(oauth::http_request request);
};
static_assert(oauth::check_transport<my_transport>());
