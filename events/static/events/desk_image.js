/** An image that is too large for the service is made smaller before it is sent. */

const BYTES_MOST = 900 * 1024;
const SIDE_MOST = 1600;
const QUALITY = 0.85;

async function smaller(file) {
  const image = await createImageBitmap(file);
  const scale = Math.min(1, SIDE_MOST / Math.max(image.width, image.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(image.width * scale);
  canvas.height = Math.round(image.height * scale);
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise((done) => canvas.toBlob(done, "image/webp", QUALITY));
  return new File([blob], file.name, { type: blob.type });
}

async function chosen(input) {
  const [file] = input.files;
  if (!file || file.size <= BYTES_MOST) return;
  try {
    const files = new DataTransfer();
    files.items.add(await smaller(file));
    input.files = files.files;
  } catch (error) {
    console.info("The image is sent as it is; the service says what is wrong with it.", error);
  }
}

for (const input of document.querySelectorAll("input[type=file][name=picture]")) {
  input.addEventListener("change", () => chosen(input));
}
