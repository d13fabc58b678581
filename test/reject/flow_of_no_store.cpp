// expect: (template constraint failure|constraints not satisfied) for .*flow
// expect: (loads<|store\.load\()
#include <oauth/flow/flow.hpp>

struct my_transport
{
    oauth::result<oauth::http_response> send(oauth::http_request request);
};
struct my_store
{
};
#ifdef GOOD
using made = oauth::flow<my_transport, oauth::memory_store>;
#else
using made = oauth::flow<my_transport, my_store>;
#endif
