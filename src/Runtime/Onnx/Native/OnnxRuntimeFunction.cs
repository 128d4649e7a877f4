namespace EdgeAutonomy.Runtime;

/// <summary>Places in the function table of ONNX Runtime (struct OrtApi of onnxruntime_c_api.h).</summary>
/// <remarks>
/// The table only ever grows at its end, so a place holds for every version that has it; all of these exist since API version 16 (ONNX Runtime 1.16). A wrong number
/// would call another function with our arguments: <see cref="OnnxRuntimeLibrary"/> therefore proves the ones for the CPU on a small model before anybody uses them.
/// </remarks>
internal enum OnnxRuntimeFunction
{
    // Status.
    GetErrorCode = 1,
    GetErrorMessage = 2,
    ReleaseStatus = 93,

    // Environment and options.
    CreateEnv = 3,
    ReleaseEnv = 92,
    CreateSessionOptions = 10,
    SetSessionGraphOptimizationLevel = 23,
    SetIntraOpNumThreads = 24,
    SetInterOpNumThreads = 25,
    ReleaseSessionOptions = 100,
    AddSessionConfigEntry = 130,

    // Session.
    CreateSessionFromArray = 8,
    Run = 9,
    SessionGetInputCount = 30,
    SessionGetOutputCount = 31,
    SessionGetInputTypeInfo = 33,
    SessionGetOutputTypeInfo = 34,
    SessionGetInputName = 36,
    SessionGetOutputName = 37,
    ReleaseSession = 95,

    // Types and shapes.
    CastTypeInfoToTensorInfo = 55,
    GetTensorElementType = 60,
    GetDimensionsCount = 61,
    GetDimensions = 62,
    GetTensorTypeAndShape = 65,
    ReleaseTypeInfo = 98,
    ReleaseTensorTypeAndShapeInfo = 99,

    // Memory and values.
    CreateTensorWithDataAsOrtValue = 49,
    CreateCpuMemoryInfo = 69,
    AllocatorFree = 76,
    GetAllocatorWithDefaultOptions = 78,
    ReleaseMemoryInfo = 94,
    ReleaseValue = 96,

    // Binding of inputs and outputs.
    RunWithBinding = 133,
    CreateIoBinding = 134,
    ReleaseIoBinding = 135,
    BindInput = 136,
    BindOutput = 137,

    // Execution providers.
    GetAvailableProviders = 125,
    ReleaseAvailableProviders = 126,
    AppendTensorRt = 170,
    CreateTensorRtOptions = 171,
    UpdateTensorRtOptions = 172,
    ReleaseTensorRtOptions = 174,
    AppendCuda = 204,
    CreateCudaOptions = 205,
    UpdateCudaOptions = 206,
    ReleaseCudaOptions = 208,
    AppendProvider = 216,
}
