#ifndef OAUTH_FLOW_DISCOVER_HPP
#define OAUTH_FLOW_DISCOVER_HPP

#include <oauth/core/server_metadata.hpp>
#include <oauth/error/result.hpp>
#include <oauth/policy/transport.hpp>
#include <oauth/request/document_request.hpp>
#include <oauth/response/decode_server_metadata.hpp>
#include <utility>

namespace oauth {

/** Ask a server for its metadata: its endpoints, and what it can do. One request, to `known.discovery_document` and nowhere else.

    @code
    oauth::beast_transport transport;
    auto server = oauth::discover(transport, oauth::openid_issuer("https://accounts.google.com")).value();
    oauth::flow<oauth::beast_transport> google{std::move(server), client};
    @endcode

    A provider's own functions (`microsoft::v2`, `google::accounts` …) know the endpoints already: discovering them confirms them, and makes the issuer of a tenant that was named by its domain
    exact. Sessions that were kept without discovering go on: see `server_metadata::stored_under`. GitHub's name no document: there is nothing to discover.

    @param transport Carries the request.
    @param known The issuer, and where the document is: from @ref openid_issuer, @ref oauth_issuer, or a provider.

    @return All that is known then, or errc::missing_endpoint without a discovery_document, what the transport fails with, and what @ref decode_server_metadata finds.

    @par Specification
    OpenID Connect Discovery 4, RFC 8414 3
*/
template <transport Transport>
result<server_metadata> discover(Transport& transport, server_metadata const& known)
{
    auto request = document_request(known.discovery_document, "discovery_document");
    if (request.has_error()) return std::move(request).error();
    auto const answer = transport.send(std::move(*request));
    if (answer.has_error()) return answer.error();
    return decode_server_metadata(*answer, known);
}

} // namespace oauth

#endif
