#ifndef OAUTH_REQUEST_DOCUMENT_REQUEST_HPP
#define OAUTH_REQUEST_DOCUMENT_REQUEST_HPP

#include <oauth/core/http_message.hpp>
#include <oauth/core/server_metadata.hpp>
#include <oauth/error/result.hpp>
#include <string>

namespace oauth {

/** The request for a document that anybody may read: the server's metadata, or its keys. It carries nothing that tells who asks.

    @param url The document's.
    @param name What it is a member of server_metadata, for the hint.

    @return The request, or errc::missing_endpoint.
*/
inline result<http_request> document_request(endpoint const& url, char const* name)
{
    if (url.empty()) return failure(errc::missing_endpoint, advice::fix_configuration, std::string("server_metadata.") + name);
    http_request request;
    request.url = url;
    request.fields = {{"Accept", "application/json"}};
    return request;
}

} // namespace oauth

#endif
