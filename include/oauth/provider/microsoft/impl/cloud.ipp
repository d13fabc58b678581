#ifndef OAUTH_PROVIDER_MICROSOFT_IMPL_CLOUD_IPP
#define OAUTH_PROVIDER_MICROSOFT_IMPL_CLOUD_IPP

#include <oauth/provider/microsoft/cloud.hpp>

namespace oauth::microsoft {

OAUTH_DECL std::string graph_url(cloud which)
{
    auto const graph = hosts(which).graph;
    return graph.empty() ? std::string() : "https://" + std::string(graph) + "/";
}

} // namespace oauth::microsoft

#endif
