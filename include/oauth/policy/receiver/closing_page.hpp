#ifndef OAUTH_POLICY_RECEIVER_CLOSING_PAGE_HPP
#define OAUTH_POLICY_RECEIVER_CLOSING_PAGE_HPP

#include <string>

namespace oauth {

/** What a @ref loopback_receiver says to the user in the browser: plain texts, escaped when they are put into the page.

    The page is shown before the code is exchanged, so it should promise no more than that an answer has come: whether the user is signed in, the program alone will know.
    It looks well in light and dark, loads nothing from anywhere, and holds nothing that came with the request.
*/
struct closing_page
{
    /// One page: its title, which is also its heading, and the sentence below it.
    struct text
    {
        std::string heading;
        std::string message;
    };

    std::string language = "en";   ///< of the texts, as in HTML's `lang`
    std::string application;       ///< the program's name, shown above the heading; none where empty

    /// After the server answered with a code.
    text granted{"You can go back to the program", "It has the answer of the sign-in page, goes on by itself, and says whether all went well. You can close this page."};
    /// After the server answered with an error.
    text refused{"You are not signed in", "The sign-in was cancelled or refused. The program says why. You can close this page."};
    /// When the page is opened by hand, before the answer came.
    text waiting{"Waiting for the sign-in", "The program is still waiting for the answer of the sign-in page. There is nothing to do here."};
    /// For an answer to another sign-in.
    text stranger{"This is another sign-in", "It is not the sign-in that this program waits for. Please go on in the page that the program opened last."};
};

} // namespace oauth

#endif
