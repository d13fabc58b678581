// expect: flow: Config::request_signer is none
#include <oauth/flow/flow.hpp>

struct my_transport
{
    oauth::result<oauth::http_response> send(oauth::http_request request);
};
struct my_config : oauth::default_config
{
#ifndef GOOD
    using request_signer = int;
#endif
};
using made = oauth::flow<my_transport, oauth::memory_store, oauth::system_clock, oauth::client_secret_post, my_config>;
made* needs_it_whole(made* flow)
{
    return flow + 1;
}
