"""The lessons, in their order."""

from core.lessons.lesson import Choice, Lesson, Number, Place

DOERSCH, KINGMA = "Doersch 2016", "Kingma & Welling 2014"

LESSONS: tuple[Lesson, ...] = (
    Lesson(
        "any_distribution",
        "Any distribution from a normal one",
        "Each dot is a z, drawn by chance from N(0,\u00a0I), the normal distribution: a round cloud, densest in the "
        "middle. (The rings are at one, two and three σ, its spread.) Colours are directions.\n\n"
        "One function bends the cloud into something else: g(z) = z/10 + z/‖z‖, a tenth of z plus a step of length 1 "
        "the way z points. Then a small decoder, a network that makes something else of z, is shown where some z "
        "land, and learns the bend.",
        (Place("Where does the marked point, z = (1.4,\u00a0−1.9), land?"),),
        f"{DOERSCH}, section 2",
        steps=500,
    ),
    Lesson(
        "sampling_prior",
        "How likely a face is: p(x)",
        "A model makes up faces: it draws a z, here two numbers, from N(0,\u00a0I), the round cloud (its prior), and "
        "decodes z to a face. p(x|z) is how likely it is that this z makes the face x; p(x), how likely x is at all, "
        "is the mean of that over all z.\n\n"
        "The model learns faces for a moment. Then 1,000 z are drawn to find p(x). Those count that together hold "
        "99\u00a0% of the sum; the others add next to nothing.",
        (Number("How many of the 1,000 count?", 0, 1_000, start=500),),
        f"{DOERSCH}, section 2",
        steps=400,
    ),
    Lesson(
        "gradient_estimators",
        "Reparameterisation",
        "A VAE learns although its z are drawn by chance. Here z is drawn around μ = 2 with spread σ = 1 (the "
        "density q), and f(z) = z²/2 is to be small on average. Which way do μ and σ have to move? One z can tell, "
        "in two ways.\n\n"
        "The reparameterisation writes z = μ + σ·ε, ε being the chance alone, and asks how f changes with μ and σ. "
        "The score function multiplies f(z) by the gradient of log q(z), the way that makes this z more likely.",
        (
            Choice("Which is steadier?", ("the reparameterisation", "the score function")),
            Number("How many times its variance does the other have?", 1, 1_000, 1, start=2),
        ),
        f"{KINGMA}, sections 2.2 and 2.4",
    ),
    Lesson(
        "weighing_kl",
        "KL against reconstruction",
        "A model gives each face a code, a place on a map of two dimensions, give or take a little, and draws the "
        "face again from there. New faces it draws from places all over the round cloud N(0,\u00a0I), which rings "
        "will mark.\n\n"
        "It learns by making a sum of two costs small, reconstruction + β · KL. Reconstruction: how badly faces come "
        "back. KL: how much its codes say. A code that may be anywhere in the cloud says nothing; the more exact it "
        "is, and the farther out, the more it says. Both are in nats, a unit of information (1 nat = 1.44 bits).\n\n"
        "β is the price of a nat of the codes: at 0 they may say what they like, at 8 they are dear. The same model "
        "learns the same faces at five prices. A map collapses when all codes are nearly the same in one of the "
        "model's two dimensions (variance below 0.01): a line is left, slanted as each map is turned to lie like the "
        "one before.",
        (
            Choice(
                "At which β, going up, does the map first collapse?",
                ("β = 0", "β = 0.25", "β = 1", "β = 4", "β = 8", "none"),
            ),
        ),
        f"{KINGMA}, eq. 7; Higgins et al. 2017",
        steps=400,
    ),
    Lesson(
        "decoder_scale",
        "What σ of the decoder does",
        "The decoder draws a face: it says a value for each pixel. σ says how far off the real pixel may be, where 1 "
        "is from black to white (p(x|z) is a normal density, of spread σ). A small σ makes errors dear.\n\n"
        "The same model learns the same faces with σ fixed at 0.05, 0.1, 0.2, 0.4 and 1; last of all it finds the "
        "best σ itself. Which is best is told by the ELBO, a score: how likely the model holds real faces to be, "
        "log p(x), or a little less (lesson 7). It is in nats: one nat more is 2.7 times as likely.",
        (Number("Which σ gives the highest ELBO?", 0.01, 2, 3, start=0.5),),
        f"{DOERSCH}, section 2.1; Rybkin et al. 2021",
        steps=300,
    ),
    Lesson(
        "dimension_use",
        "How many dimensions",
        "The faces are drawn from twelve numbers. The model knows none of them: it finds numbers of its own, its "
        "latent dimensions, and describes each face by them (its code). It learns with 2, 4, 8, 16, 32 and 64 of "
        "them.\n\n"
        "A dimension is alive when codes of different faces differ in it (variance above 0.01); the others say "
        "nothing, and their bars are grey. A bar is the dimension's KL: how much it says, in nats (1 nat = 1.44 "
        "bits).",
        (Number("How many of the 64 stay alive?", 0, 64, start=32),),
        "Burda et al. 2016, section 5.2",
        steps=600,
    ),
    Lesson(
        "bound_gap",
        "The bound and its gap",
        "How likely a model holds an image to be, log p(x), can seldom be computed. What can be computed is a bound: "
        "a number that lies below it; a VAE learns by making one, the ELBO, high. This model is so simple (linear) "
        "that its log p(x) is known exactly.\n\n"
        "Its encoder answers an image x with q(z|x), a cloud of the z that may have made it: a cloud that stands "
        "upright, where the true one, p(z|x), is slanted. The ELBO tries one z of it; the best of more tries counts "
        "more, so that more z give a higher bound (IWAE). All is in nats (one more: 2.7 times as likely).",
        (
            Number("Where is the bound of 64 samples of z?", -20, 20, 2, "nats", start=0.6),
            Number("Where is log p(x) itself?", -20, 20, 2, "nats", start=0.8),
        ),
        f"{KINGMA}, eq. 3; Burda et al. 2016, eq. 8; Tipping & Bishop 1999",
    ),
    Lesson(
        "completion_answers",
        "One average or many answers",
        "Only the lower half of a face is seen. The same networks learn to complete it twice: once with a single "
        "answer, as near as can be to the real half in mean square (pixel by pixel, errors squared, then averaged); "
        "once as a conditional VAE (CVAE), which draws a z by chance and has another answer for each.\n\n"
        "Contrast is how much neighbouring pixels differ: what is blurred has little.",
        (
            Choice("Which is nearer to the real half in mean square?", ("the one average", "one drawn by the CVAE")),
            Choice("Which has the contrast of real halves?", ("the one average", "one drawn by the CVAE")),
        ),
        f"{DOERSCH}, section 3; Sohn et al. 2015, section 4",
        steps=600,
    ),
)
