// expect: (template constraint failure|constraints not satisfied) for .*flow
#include <oauth/flow/flow.hpp>

struct my_transport
{
    oauth::result<oauth::http_response> send(oauth::http_request request);
};
#ifdef GOOD
using made = oauth::flow<my_transport, oauth::memory_store, oauth::system_clock>;
#else
using made = oauth::flow<oauth::memory_store, my_transport, oauth::system_clock>;
#endif
