namespace EdgeAutonomy.Agents;

/// <summary>Rules that tests break on purpose, to see that a test fails then. Never set in a product.</summary>
internal enum FederatedMutation
{
    None,
    SecondUploadAdds,
    OrderOfArrival,
    CountsLateOnesAgain,
}
