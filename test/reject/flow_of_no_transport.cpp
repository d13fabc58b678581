// expect: (template constraint failure|constraints not satisfied) for .*flow
// expect: (sends<|transport\.send\()
#include <oauth/flow/flow.hpp>

struct my_transport
{
#ifdef GOOD
    oauth::result<oauth::http_response> send(oauth::http_request request);
#endif
};
using made = oauth::flow<my_transport>;
