#ifndef OAUTH_TESTING_DETAIL_FAULT_ANSWER_HPP
#define OAUTH_TESTING_DETAIL_FAULT_ANSWER_HPP

#include <oauth/testing/detail/refusal.hpp>
#include <optional>
#include <string>

namespace oauth::testing::detail {

/// The fault that is planned for this place, if there is one; it is then used up by one.
inline std::optional<fault> take_fault(server_state& state, server_place where)
{
    for (auto planned = state.faults.begin(); planned != state.faults.end(); ++planned)
    {
        if (planned->where != where) continue;
        auto const what = planned->what;
        if (--planned->times == 0) state.faults.erase(planned);
        ++state.counts.faults;
        return what;
    }
    return std::nullopt;
}

/// What is sent in place of the right answer, or nothing where the right answer is sent late.
inline std::optional<http_response> fault_answer(server_state& state, fault what, time_point now)
{
    switch (what)
    {
    case fault::too_many_requests:
    {
        auto answer = text_response(429, "Too Many Requests");
        answer.fields.push_back({"Retry-After", std::to_string(state.options.retry_after.count())});
        return answer;
    }
    case fault::service_unavailable:
        return make_response(503, "text/html; charset=us-ascii",
                             "<!DOCTYPE HTML PUBLIC \"-//W3C//DTD HTML 4.01//EN\"\"http://www.w3.org/TR/html4/strict.dtd\">\r\n"
                             "<HTML><HEAD><TITLE>Service Unavailable</TITLE></HEAD>\r\n"
                             "<BODY><h2>Service Unavailable</h2>\r\n<hr><p>HTTP Error 503. The service is unavailable.</p>\r\n</BODY></HTML>\r\n");
    case fault::temporarily_unavailable: return refuse(state, now, refused::transient);
    case fault::server_error: return text_response(500, "Internal Server Error");
    case fault::invalid_grant: return refuse(state, now, refused::revoked);
    case fault::consent_required: return refuse(state, now, refused::not_consented, "the application");
    case fault::interaction_required:
        return interaction_required(state, now, R"({"access_token":{"polids":{"essential":true,"values":["9ab03e19-0000-4000-8000-000000000000"]}}})");
    case fault::html_page: return make_response(200, "text/html; charset=utf-8", "<!DOCTYPE html><html><body><h1>Welcome to the hotel's network</h1></body></html>");
    case fault::empty_body: return make_response(200, "application/json; charset=utf-8", {});
    case fault::empty_not_found: return http_response{404, {}, {}};
    case fault::truncated_json: return make_response(200, "application/json; charset=utf-8", R"({"token_type":"Bearer","expires_in":3599,"access_token":"at.trunc)");
    case fault::huge_body:
        return make_response(200, "application/json; charset=utf-8", "{\"access_token\":\"" + std::string(state.options.huge_body_size, 'a') + "\"}");
    case fault::redirect:
    {
        auto answer = text_response(307, {});
        answer.fields.push_back({"Location", "https://elsewhere.example/token"});
        return answer;
    }
    case fault::slow: break;
    }
    return std::nullopt;
}

} // namespace oauth::testing::detail

#endif
