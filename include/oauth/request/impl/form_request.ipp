#ifndef OAUTH_REQUEST_IMPL_FORM_REQUEST_IPP
#define OAUTH_REQUEST_IMPL_FORM_REQUEST_IPP

#include <oauth/request/form_request.hpp>

namespace oauth {

OAUTH_DECL result<http_request> form_request(server_metadata const& server, endpoint server_metadata::*where, bool shows_certificate)
{
    auto const& url = endpoint_of(server, where, shows_certificate);
    if (url.empty()) return failure(errc::missing_endpoint, advice::fix_configuration, "server_metadata." + std::string(name_of(where)));
    http_request request;
    request.method = http_method::post;
    request.url = url;
    request.fields = {{"Content-Type", "application/x-www-form-urlencoded"}, {"Accept", "application/json"}};
    return request;
}

} // namespace oauth

#endif
