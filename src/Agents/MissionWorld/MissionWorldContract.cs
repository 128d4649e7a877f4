using System.Security.Cryptography;
using System.Text;

namespace EdgeAutonomy.Agents;

/// <summary>What a policy must have been made for to act in MissionWorld as this program has it.</summary>
public static class MissionWorldContract
{
    /// <summary>Gets the hashes of actions, description and domain. Any change of a verb, of a kind of thing, of a feature or of a rule changes one of them.</summary>
    public static BundleExpectations Expectations { get; } = new(Hash(Actions()), CandidateWeights.HashOf(MissionWorldFeatures.Shape.Vocabulary), Hash(MissionWorldDomain.Text.ReplaceLineEndings("\n")));

    /// <summary>Gets the shape of its missions.</summary>
    public static MissionShape Shape => MissionWorldFeatures.Shape;

    private static string Actions() =>
        $"mission-world actions 1\nverbs {string.Join(' ', Enum.GetNames<MissionWorldVerb>())}\nplaces {string.Join(' ', MissionWorldMap.PlaceTypes)}\nitems {string.Join(' ', MissionWorldMap.ItemClasses)}\ntargets {string.Join(' ', MissionWorldMap.TargetTypes)}\n";

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
